# Own texts of: Online chat "National cashback". The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the National Cashback chat!
    We tell you how to join, where to see accruals and what to spend them on. You may send a photo of a receipt here.
ask-phone =
    To find your accruals we need the phone number that you joined with. Share it with the button below, or skip this.
media-received = Thank you, the receipt has arrived. Write what is wrong with it, or call a consultant.

## Topics: button and answer
topic-join = How to join
answer-join =
    Join in the Diia application: apply to take part and add the cards you pay with.
    For the payments you need a separate National Cashback card of a bank that takes part.
    Citizens of Ukraine who meet the terms of the programme may join.

topic-not-credited = Cashback not credited
answer-not-credited =
    First check that the goods are on the list of the programme, that you paid with an added card and that the seller takes part.
    Cashback is not credited at once: receipts are processed and payments follow the schedule of the programme.
    If all fits, send a photo of the receipt and call a consultant; share your phone number so that we find you faster.

topic-spend = What to spend it on
answer-spend =
    Cashback cannot be taken out in cash: it is spent on the purposes of the programme such as utilities, medicines, food made in Ukraine or charity.
    The list may change; the current one is in Diia and on the website of the programme.
    Pay with the National Cashback card itself.

topic-goods = Which goods take part
answer-goods =
    Cashback is given for goods made in Ukraine that are on the list of the programme.
    You can check a product by scanning its barcode in Diia or by a search on the website of the programme.
    Some groups such as tobacco or alcohol do not take part.

topic-amount = Amount and limits
answer-amount =
    Cashback is a percentage of the price of goods on the list; the percentage and the monthly limit are set by the terms of the programme.
    Terms may change, so go by what Diia shows.
    The credited amount is in the history of purchases.

topic-returns = Returned goods
answer-returns =
    If goods are returned, their cashback is cancelled or kept back from later accruals.
    If the amount was reduced by mistake, send the receipts of the purchase and of the return.
    A consultant will check and pass the request on.

topic-business = Producers and sellers
answer-business =
    A producer files its goods for the list of the programme, a seller sets up the transfer of fiscal receipts.
    Barcodes and a proof that the goods are made in Ukraine are needed.
    A consultant helps with the steps.
