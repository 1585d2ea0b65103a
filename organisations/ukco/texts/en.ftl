# Own texts of: Online chat of the Government Contact Centre. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome! This is the online chat of the Government Contact Centre, open around the clock.
    Write your question or choose a topic.

## Topics: button and answer
topic-consultation = Get advice
answer-consultation =
    In this chat consultants of the Government Contact Centre answer questions on the work of executive bodies.
    Describe the matter in a sentence or two and name your region.
    If the answer needs a decision of an authority we offer to register an appeal.

topic-appeal = Register an appeal
answer-appeal =
    To register an appeal we need your name, place of residence, how you want the answer and the matter itself.
    Papers or photos can be added here.
    Call a consultant, who fills in the card with you and tells its number.

topic-status = Learn the status
answer-status =
    A consultant checks the status by the number or by your data.
    The usual term does not exceed one month.
    If the term is over and there is no answer, we send the body in charge a reminder.

topic-dissatisfied = I disagree with the answer
answer-dissatisfied =
    If the answer is incomplete or the matter is not settled you may appeal again.
    Give the earlier number and say with what exactly you disagree.
    A decision of an authority can also be appealed to the higher body or to a court.

topic-hotline = Hotline 1545
answer-hotline =
    The government hotline has the multichannel number 1545.
    Is writing easier? Stay here: consultants in the chat can do the same.
    The history is kept, so you need not repeat yourself.

topic-utilities = Utilities
answer-utilities =
    If heating, water, gas or light is missing, first tell the emergency service of the provider.
    If that does not help, write the address, service and date: we register an appeal.
    Planned and emergency power cuts are announced by the distribution operator.

## Subtopics: button and answer
topic-consultation-body = Which body to turn to
answer-consultation-body =
    Write what happened, the region and community: that decides whose matter it is.
    An appeal that reaches the wrong body is passed on, and you are told.

topic-appeal-data = What to state in an appeal
answer-appeal-data =
    State surname, first name, residence, how to send the answer, and the matter.
    Without these an appeal is anonymous and is not considered.

topic-appeal-copy = Attach documents
answer-appeal-copy =
    Send photos and documents right into this chat: the consultant adds them to the card of the appeal.
    Check that the text is readable, and send no more personal data than needed.

topic-status-late = The term has passed
answer-status-late =
    Tell a consultant the number of the appeal: they check who has it and send a reminder.
    You must be told when the term is extended.

topic-dissatisfied-court = Going to court
answer-dissatisfied-court =
    A decision, act or omission is appealed to the higher body or to an administrative court.
    Terms are limited, so do not wait.
    Free legal help is given by the centres of the legal aid system.

topic-hotline-write = I cannot get through
answer-hotline-write =
    The line 1545 is busy at times.
    A consultant in this chat can do the same: write your question or press "Call a consultant".

answer-utilities-outage-night =
    At night the emergency services of the providers are at work: tell them first.
    If life is in danger (smell of gas, damaged wires), leave the building and call an emergency service.
    Leave the address and time here, a consultant registers the appeal.

topic-utilities-outage = No light, water or heat
answer-utilities-outage =
    First tell the emergency service of the provider.
    If that does not help, write the address, the service and since when it is missing.

topic-utilities-bill = Bills and tariffs
answer-utilities-bill =
    About charges first write to the provider.
    If the answer is not to the point, send it here with the address: we register an appeal.
