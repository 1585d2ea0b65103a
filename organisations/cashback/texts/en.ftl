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

## Subtopics: button and answer
topic-join-card = The cashback card
answer-join-card =
    Open the special card in the application of a participating bank: it is free.
    Name it in Diia for payouts and add the cards you pay with separately.
    It can be changed later.

topic-join-who = Who may join
answer-join-who =
    An adult citizen of Ukraine with the Diia application and a card of a Ukrainian bank may join.
    Those without a smartphone are helped at centres of administrative services.

topic-not-credited-when = When it is paid
answer-not-credited-when =
    The month is summed up after its end, the payout arrives on the cashback card in the next month.
    The state is shown in the history in Diia: credited, pending, paid.
    Delays come from the check of receipts.

topic-not-credited-receipt = Send the receipt
answer-not-credited-receipt =
    Photograph the whole receipt: shop, date, goods, last digits of the card, and send it here.
    A consultant checks whether the seller has passed the data.
    Keep it until the payout.

topic-spend-utilities = Paying for utilities
answer-spend-utilities =
    Pay utilities with the cashback card in the bank's application or on the provider's site.
    If it is not enough, pay the rest with another card.
    The bank settles failed payments.

topic-spend-term = Term and cash
answer-spend-term =
    Cashback cannot be withdrawn or transferred.
    The term for spending is shown in the terms and in Diia.
    What is not used returns to the programme.

topic-goods-check = Check a product
answer-goods-check =
    Scan the barcode in Diia or find the product on the site.
    Shops often mark such goods, but the list decides.
    If a Ukrainian product is missing, its producer has to enter it.

topic-amount-limit = The largest amount
answer-amount-limit =
    There is a limit for a month; when it is reached, purchases do not count until the next month.
    See the current limit and your rest in Diia.

topic-returns-mistake = Reduced by mistake
answer-returns-mistake =
    Send photos of the receipt and of the return receipt if there was one.
    A consultant compares them with the data and passes on a request for correction.

topic-business-producer = For a producer
answer-business-producer =
    The application is filed in the producer's cabinet on the Diia portal: goods with barcodes and proof of production in Ukraine.
    The cabinet shows the term and the reason of a refusal.

answer-business-shop-web =
    Apply in the seller's cabinet on the Diia portal, where the technical requirements are too.
    Write questions about the integration here, screenshots can be attached.

topic-business-shop = For a shop
answer-business-shop =
    A shop applies and sets its register up to pass itemised receipts with the card identifier.
    Technical requirements are in the seller's cabinet.
    Write which register you use, a consultant helps.
