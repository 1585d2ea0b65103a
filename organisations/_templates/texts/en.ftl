# Texts that all organisations share. An organisation changes single ones in its own texts/en.ftl.
# What stands in braces, { $name }, is filled in by the system.

## Greeting
welcome =
    Welcome! I am the chat assistant.
    Write your question or choose a topic below. You can call a consultant at any time.
welcome-back =
    Good to see you again!
    Write your question or choose a topic below. Your earlier messages have been kept.
welcome-closed = Consultants are not at work right now, but I can answer common questions and take your enquiry.
choose-topic = Choose a topic or write the question in your own words.

## Talking to the robot
greeting-reply = Hello! How can I help?
thanks-reply = You are welcome! Write again if there is another question.
goodbye-reply = Goodbye! Have a good day.
glad-to-help = Glad I could help!
not-helped =
    Sorry that the answer did not fit. Perhaps you meant one of these? Or call a consultant.
not-helped-again =
    I see that my answers do not help. Please call a consultant: they will see the whole conversation, you need not repeat anything.
not-understood =
    Sorry, I did not understand the question. Please put it in other words or choose a topic.
not-understood-again =
    Sorry, I still do not understand. Shall I call a consultant? They will see everything you have written.
media-received =
    Thank you, the file has been received and kept with your enquiry. Please describe in words what you need, or call a consultant, who will look at it.
button-unknown = This button does not work any more. Please choose a topic or write your question.
still-there = Are you still there? If the question remains, just write.
dialogue-reopened = Let us go on. What else would you like to know?
language-changed = We go on in English.

## Queue and consultants
queue-position =
    Your enquiry has been passed to the consultants. You are number { $position } in the queue.
    { $minutes ->
        [one] Expected waiting time: { $minutes } minute.
       *[other] Expected waiting time: { $minutes } minutes.
    }
queue-closed =
    Consultants are not at work right now. Your enquiry is number { $position } in the queue and will be looked at after they open: { $opens }.
    You may add details, the consultant will see them.
queue-closed-unknown =
    Consultants are not at work right now. Your enquiry is number { $position } in the queue and will be looked at as soon as they are back.
operator-joined = A consultant has joined the conversation: { $name }.
operator-busy = The consultant is still working on your question. Thank you for your patience.
returned-to-queue = The consultant cannot go on. Your enquiry is back in the queue, another consultant will take it.
moved-to-queue = Your enquiry has been passed to other specialists: { $queue }. Please wait.
moved-to-organisation = Your enquiry is a matter of another body. The conversation has been passed to: { $name }. Go on writing here.
operator-replied-closed = The consultant has answered and the conversation is closed. Write again if you need to.

## The end
closed-silence = The conversation has ended as there were no new messages. Write again whenever you have a question.
closed-by-operator = The consultant has ended the conversation. Thank you for contacting us!
rate-dialogue = Please rate the conversation from 1 to 5. It takes a second and helps us work better.
thanks-for-vote = Thank you for the rating! Have a good day.
sorry-for-low-vote = Thank you for being frank. We are sorry that the conversation fell short; we shall look into it.

## Who is writing
ask-phone = Share your phone number so that we find your data faster. You do not have to.
phone-saved = Thank you, your phone number has been saved and confirmed.
phone-unverified = Thank you, the phone number has been saved but not confirmed: the contact card is not your own.
phone-not-supported = Only a Ukrainian mobile number or a number of Kazakhstan can be confirmed.
otp-sms = { $code } is your confirmation code. Do not tell it to anybody.
otp-sent = We have sent a code by SMS. Enter it here within 10 minutes.
otp-wrong = The code does not match. Please check it and try again.
otp-verified = The number is confirmed. Thank you!
otp-too-often = Too many attempts. Please try later.
otp-expired = The code has expired. Please ask for a new one.
otp-unavailable = We cannot send a code right now. Please try later.

## Failures
technical-failure = There was a technical failure. Your message has been kept; please try again in a few minutes.

## Buttons
button-operator = Call a consultant
button-menu = Topics
button-end = End the conversation
button-helped-yes = Yes, it helped
button-helped-no = No, it did not
button-share-phone = Share my number
button-language-uk = Українською
button-language-en = In English
button-vote-1 = 1 ⭐
button-vote-2 = 2 ⭐
button-vote-3 = 3 ⭐
button-vote-4 = 4 ⭐
button-vote-5 = 5 ⭐
