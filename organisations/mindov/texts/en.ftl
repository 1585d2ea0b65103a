# Own texts of: Ministry of Environmental Protection and Natural Resources of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Environmental Protection and Natural Resources of Ukraine!
    Report a violation or ask about permits, forest, water or waste. You may send photos here.
media-received =
    Thank you, the file is kept with your enquiry. If it shows a violation, write the place and time, and call a consultant.

## Topics: button and answer
topic-violation = Report a violation
answer-violation =
    You can report pollution, illegal logging, a discharge into water or an illegal dump right here.
    Give the place as exactly as you can, the time and what you see; photos and videos may be sent in the chat.
    Inspections are made by the State Environmental Inspectorate: a consultant passes your report on. Do not go near unknown substances.

topic-war-damage = Damage by the war
answer-war-damage =
    Damage to the environment by hostilities can be reported through the EcoZagroza application or here.
    Reports with photo, place and time help to account for the losses.
    Record the consequences only where it is safe.

topic-waste = Waste
answer-waste =
    Household waste is organised by your community: the local council tells the collection schedule and the places for sorted waste.
    Dangerous waste (batteries, lamps, chemicals) must not be thrown away with the ordinary.
    Enterprises declare and account for waste in the electronic system.

topic-forest = Forest and timber
answer-forest =
    Whether felling is lawful can be checked by its felling ticket, the data of which are published.
    If you suspect illegal felling, report the place and time and add a photo.
    For firewood for households turn to the forestry or the local council.

topic-water = Water
answer-water =
    Report a mass death of fish, or an unusual colour or smell of water, here: name the water body, the settlement and the time.
    A permit for special water use is issued electronically.
    The quality of drinking water at home is a matter for its supplier.

topic-assessment = Impact assessment
answer-assessment =
    An environmental impact assessment is mandatory for activities listed by law and comes before the decision to begin.
    Notices, reports and conclusions are placed in an open register, and the public may comment within the set terms.
    For a particular case give its number to a consultant.

topic-permits = Permits and e-services
answer-permits =
    Most permits and declarations on the environment are filed electronically through the EcoSystem.
    You need an electronic signature to enter. The documents and the term are given in the description of each service.
    If an application is returned the answer must state why: a consultant will help you to understand it.

## Subtopics: button and answer
topic-violation-dump = Illegal dump
answer-violation-dump =
    Send a photo and the exact place (coordinates or a landmark).
    Clearing is the duty of the community, the inspection finds who did it.
    Do not touch dangerous substances.

topic-violation-logging = Illegal logging
answer-violation-logging =
    Check the felling ticket by its number on the site of the forest agency.
    If there is none, tell the place, time, numbers of cars and, if safe, send a photo.
    Tell the police at once of logging under way.

topic-violation-air = Smoke and smell
answer-violation-air =
    Write the address, the time and what it smells or looks like.
    The quality of the air is shown in monitoring systems.
    Burning leaves and rubbish is forbidden: tell the police or the inspection.

topic-war-damage-record = How to record damage
answer-war-damage-record =
    Photos from several sides, place, time and what was hit: soil, water, forest.
    The inspection calculates the damage by its methods.
    Do not enter mined ground.

topic-waste-hazardous = Hazardous waste
answer-waste-hazardous =
    Batteries, lamps, medicine and chemicals go to collection points of the community or to shops that take them.
    Do not sweep spilt mercury: air the room and call the rescuers.

topic-waste-business = For companies
answer-waste-business =
    The declaration of waste is filed electronically once a year, records are kept by kind.
    Hazardous waste needs a licence.
    The services are in the EcoSystem.

topic-forest-firewood = Firewood
answer-forest-firewood =
    Firewood is sold at the forestry or in the online shop of the state forest enterprise.
    Communities near the front get it by special programmes: ask in yours.

topic-water-fish = Fish are dying
answer-water-fish =
    Name the water, the settlement and the time, take a photo and do not touch the fish.
    A consultant passes it on to the inspection and the fish patrol.

topic-water-permit = Water permit
answer-water-permit =
    A permit for special water use is arranged in the EcoSystem; the need and the intake are described.
    Households usually need none for their own use.

topic-assessment-remarks = Give remarks
answer-assessment-remarks =
    Remarks are sent in writing or by e-mail with the number of the case in the register, within the term of the public discussion.
    They must be considered and named in the conclusion.

answer-permits-returned-closed =
    The reason stands in the answer in the EcoSystem cabinet; you can correct and file at any time.
    Consultants are not at work now: leave the number, we answer in working hours.

topic-permits-returned = The application was returned
answer-permits-returned =
    The reason stands in the answer in the cabinet: mostly a paper is missing or data do not match.
    Correct it and file again.
    If the reason is unclear, send the number to a consultant.
