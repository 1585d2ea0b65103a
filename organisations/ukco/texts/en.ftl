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
