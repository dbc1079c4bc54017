"""The addresses of what people say: phones, the desk's lists, the wall, the journal."""

from django.urls import path

from ratings.views import aloud, comments, desk, facilitate, imperatives, journal, own, participate, project, themes

app_name = "ratings"
urlpatterns = [
    path("w/<code:code>/card/", participate.open_card, name="open_card"),
    path("w/<code:code>/stages/<id:stage_id>/", participate.question, name="question"),
    path("w/<code:code>/answers/", own.answers, name="answers"),
    path("w/<code:code>/answers/copy/", own.copy, name="copy"),
    path("w/<code:code>/answers/withdraw/", own.withdraw, name="withdraw"),
    path("w/<code:code>/scales/<id:scale_id>/score/", participate.save_score, name="save_score"),
    path("w/<code:code>/scales/<id:scale_id>/higher/", participate.save_higher, name="save_higher"),
    path("w/<code:code>/deliverables/<id:deliverable_id>/rag/", participate.save_rag, name="save_rag"),
    path("w/<code:code>/imperatives/", participate.save_imperatives, name="save_imperatives"),
    path("w/<code:code>/votes/", participate.save_votes, name="save_votes"),
    path("desk/<code:code>/now/", facilitate.now, name="now"),
    path("desk/<code:code>/tally/", facilitate.tally, name="tally"),
    path("desk/<code:code>/peek/", desk.peek, name="peek"),
    path("desk/<code:code>/log/", desk.log, name="log"),
    path("desk/<code:code>/close/", desk.closing, name="closing"),
    path("desk/<code:code>/seal/", desk.seal, name="seal"),
    path("desk/<code:code>/aloud/", aloud.add_aloud, name="add_aloud"),
    path("desk/<code:code>/paper/<int:stage_id>/", aloud.paper, name="paper"),
    path("desk/<code:code>/comments/", comments.comments, name="comments"),
    path("desk/<code:code>/decisions.csv", comments.decision_log, name="decision_log"),
    path("desk/<code:code>/comments/show-new/", comments.show_new, name="show_new"),
    path("desk/<code:code>/themes/", themes.themes, name="themes"),
    path("desk/<code:code>/themes/<id:deliverable_id>/", themes.deliverable_themes, name="deliverable_themes"),
    path("desk/<code:code>/themes/<id:deliverable_id>/group/", themes.group, name="group"),
    path("desk/<code:code>/comments/<id:comment_id>/", comments.comment, name="comment"),
    path("desk/<code:code>/comments/<id:comment_id>/decide/", comments.decide, name="decide"),
    path("desk/<code:code>/imperatives/", imperatives.imperatives, name="imperatives"),
    path("desk/<code:code>/imperatives/merge/", imperatives.merge, name="merge"),
    path("desk/<code:code>/imperatives/put-away/", imperatives.put_away, name="put_away"),
    path("desk/<code:code>/imperatives/<id:imperative_id>/", imperatives.imperative, name="imperative"),
    path(
        "desk/<code:code>/imperatives/<id:imperative_id>/decide/",
        imperatives.decide_imperative,
        name="decide_imperative",
    ),
    path("desk/<code:code>/imperatives/<id:imperative_id>/part/", imperatives.part, name="part"),
    path("desk/<code:code>/imperatives/<id:imperative_id>/action/", imperatives.action, name="action"),
    path("desk/<code:code>/rehearsal/", facilitate.remove_rehearsal, name="remove_rehearsal"),
    path("wall/<code:code>/picture/", project.wall_picture, name="wall_picture"),
    path("journal/<code:code>/journal.pdf", journal.journal_pdf, name="journal_pdf"),
    path("journal/<code:code>/journal.<slug:suffix>", journal.journal_file, name="journal_file"),
]
