from django.urls import path

from apps.leads.api import (
    changes,
    export,
    mail,
    merging,
    saved_views,
    sequences,
    task_views,
    views,
)

urlpatterns = [
    path("", views.LeadList.as_view(), name="lead-list"),
    path("stats/", views.LeadStatistics.as_view(), name="lead-stats"),
    path("sequences/", sequences.SequenceList.as_view(), name="sequence-list"),
    path("mail-templates/", mail.MailTemplateList.as_view(), name="mail-template-list"),
    path("tasks/", task_views.MyTasks.as_view(), name="task-list"),
    path("tasks/<uuid:task_id>/", task_views.TaskDetail.as_view(), name="task-detail"),
    path("tasks/<uuid:task_id>/complete/", task_views.TaskComplete.as_view(), name="task-done"),
    path("<uuid:lead_id>/tasks/", task_views.TasksOfLead.as_view(), name="lead-tasks"),
    path("<uuid:lead_id>/outcome/", task_views.LeadOutcome.as_view(), name="lead-outcome"),
    path("export/", export.LeadExporting.as_view(), name="lead-export"),
    path("views/", saved_views.SavedViewList.as_view(), name="lead-view-list"),
    path("views/<uuid:view_id>/", saved_views.SavedViewDetail.as_view(), name="lead-view-detail"),
    path("<uuid:lead_id>/", views.LeadDetail.as_view(), name="lead-detail"),
    path("<uuid:lead_id>/assign/", changes.LeadAssign.as_view(), name="lead-assign"),
    path("<uuid:lead_id>/notes/", changes.LeadNotes.as_view(), name="lead-notes"),
    path("<uuid:lead_id>/timeline/", views.LeadTimeline.as_view(), name="lead-timeline"),
    path("<uuid:lead_id>/enrolments/", sequences.EnrolmentList.as_view(), name="lead-enrolments"),
    path(
        "<uuid:lead_id>/enrolments/stop/",
        sequences.EnrolmentStop.as_view(),
        name="lead-enrolment-stop",
    ),
    path("<uuid:lead_id>/mails/", mail.LeadMailList.as_view(), name="lead-mails"),
    path("<uuid:lead_id>/score/", views.LeadScoreDetail.as_view(), name="lead-score"),
    path("<uuid:lead_id>/merge/", merging.LeadMerging.as_view(), name="lead-merge"),
    path("<uuid:lead_id>/unmerge/", merging.LeadUnmerging.as_view(), name="lead-unmerge"),
]
