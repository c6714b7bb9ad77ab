from django.urls import path

from apps.conversations.api import forms, transcripts, views

public_urlpatterns = [
    # Of the name that sites which ask for it know; no key is ever told.
    path("integrations/config/cohere-key/", views.ChatConfig.as_view(), name="chat-config"),
    path(
        "conversations/messages/",
        views.ConversationMessages.as_view(),
        name="conversation-messages",
    ),
    path("conversations/callback/", forms.Callback.as_view(), name="conversation-callback"),
    path(
        "conversations/<uuid:conversation_id>/transcript/",
        transcripts.TranscriptByMail.as_view(),
        name="conversation-transcript-mail",
    ),
    path(
        "conversations/<uuid:conversation_id>/survey/",
        forms.ChatSurvey.as_view(),
        name="conversation-survey",
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/",
        views.ConversationTranscript.as_view(),
        name="conversation-transcript",
    ),
]
internal_urlpatterns = [
    path("conversations/", views.ConversationList.as_view(), name="conversation-list"),
    path(
        "conversations/<uuid:conversation_id>/",
        views.ConversationDetail.as_view(),
        name="conversation-detail",
    ),
    *(
        path(f"conversations/<uuid:conversation_id>/{name}/", view, name=f"conversation-{name}")
        for name, view in (
            ("takeover", views.ConversationTakeover.as_view()),
            ("release", views.ConversationRelease.as_view()),
            ("reply", views.ConversationReply.as_view()),
            ("note", views.ConversationNote.as_view()),
            ("close", views.ConversationClose.as_view()),
        )
    ),
]
