"""The templates everybody begins with. Put away what you do not want: this runs once."""

from django.db import migrations

ANSWER, OFFER = "transactional", "marketing"

TEMPLATES = [
    (
        "first-answer",
        "First answer",
        "en",
        ANSWER,
        "Your solar request, {first_name|and what happens next}",
        """Hello {first_name|there},

thank you for asking us about solar for your home. My name is {rep}, and I look after your request from now on.

Three things decide what solar can do for you: how much electricity you use, how much sun your roof gets, and who decides about the roof. A photo of your latest electricity bill answers the first one; just send it as a reply to this mail.

When is a good time to talk? Reply with a time that suits you, or call me at {rep_phone}.

{rep}
{brand}""",
    ),
    (
        "first-answer-es",
        "First answer",
        "es",
        ANSWER,
        "Su consulta sobre energía solar",
        """Hola {first_name|}:

Gracias por consultarnos sobre energía solar para su casa. Me llamo {rep} y desde ahora me ocupo de su consulta.

Tres cosas deciden lo que la energía solar puede hacer por usted: cuánta electricidad usa, cuánto sol recibe su techo y quién decide sobre el techo. Una foto de su última factura de electricidad responde a lo primero; envíela simplemente como respuesta a este correo.

¿Cuándo le viene bien que hablemos? Responda con la hora que prefiera o llámeme al {rep_phone}.

{rep}
{brand}""",
    ),
    (
        "first-answer-hi",
        "First answer",
        "hi",
        ANSWER,
        "सोलर के बारे में आपका अनुरोध",
        """नमस्ते {first_name|},

अपने घर के लिए सोलर के बारे में हमसे पूछने के लिए धन्यवाद। मेरा नाम {rep} है और अब से आपके अनुरोध की ज़िम्मेदारी मेरी है।

सोलर से आपको कितना लाभ होगा, यह तीन बातों पर निर्भर करता है: आप कितनी बिजली इस्तेमाल करते हैं, आपकी छत पर कितनी धूप आती है, और छत के बारे में निर्णय कौन लेता है। पहली बात के लिए अपने पिछले बिजली बिल की एक फ़ोटो इस मेल के जवाब में भेज दीजिए।

बात करने के लिए कौन-सा समय ठीक रहेगा? जवाब में समय लिख दीजिए, या मुझे {rep_phone} पर फ़ोन कीजिए।

{rep}
{brand}""",
    ),
    (
        "your-estimate",
        "The estimate, in words",
        "en",
        ANSWER,
        "Your estimate: {system_kw} kW",
        """Hello {first_name|there},

here is the estimate you asked for, in words.

A system of {system_kw} kW would make about {annual_kwh} kWh a year and save about {annual_savings} a year. After the incentives it counts, it would cost {net_cost}.

It was computed on {estimate_date} from {estimate_source}. It is an estimate and not an offer: shade, the roof and the wiring are looked at on site before anybody names a price.

Reply with whatever you wonder about. Every figure can be opened and explained.

{rep}
{brand}""",
    ),
    (
        "could-not-reach-you",
        "We called and missed you",
        "en",
        ANSWER,
        "We missed you",
        """Hello {first_name|there},

I just tried to call you about your solar request and did not reach you.

Which time suits you better? A one-line reply to this mail is enough. If you would rather have it all in writing, say so, and I will answer by mail only.

{rep}, {rep_phone}
{brand}""",
    ),
    (
        "before-the-visit",
        "Before the visit",
        "en",
        ANSWER,
        "A look at your roof",
        """Hello {first_name|there},

the next step is a look at your roof. It takes about an hour. You can choose a time here: {booking_link}

It helps to have these at hand: your last electricity bills, the age of the roof, and a way to the roof and to the electrical panel. In a house with a landmark or association, a name there that we may ask.

{rep}, {rep_phone}
{brand}""",
    ),
    (
        "board-approval",
        "Co-op or condo: the board",
        "en",
        ANSWER,
        "Solar and your building's board",
        """Hello {first_name|there},

in a co-op or condo the roof belongs to the building, so the board decides about it. That is usual, and it can be prepared well.

A board mostly asks four things: who pays, who looks after the roof, what happens when it has to be renewed, and who gets what is saved. We put our answers on two pages that you can hand on.

May I have the name of your managing agent, or of somebody on the board? And if the board says no, tell me: there may be a way to use solar power that does not need your roof.

{rep}, {rep_phone}
{brand}""",
    ),
    (
        "still-thinking",
        "Still thinking about it?",
        "en",
        OFFER,
        "Shall I keep your request open?",
        """Hello {first_name|there},

some time ago you asked us about solar, and I have not heard from you since. That is quite all right: it is a large decision.

If it is still on your mind, reply with the one question that holds you back. If it is not, you need do nothing; this is the last mail in this matter.

{rep}, {rep_phone}
{brand}""",
    ),
]


def create(apps, schema_editor):
    templates = apps.get_model("leads", "MailTemplate")
    for key, name, language, purpose, subject, body in TEMPLATES:
        templates.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "language": language,
                "purpose": purpose,
                "subject": subject,
                "body": body,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_mail_templates_and_mails")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
