//! Passes an event on to another organisation's inbox, with its file: the other organisation has neither our bot nor
//! our part of the media store.

use crate::fetch::{NotFetched, bring};
use crate::settings::Settings;
use crate::store;
use vikno_channels::DeliveryOutcome;
use vikno_domain::{Content, IncomingMedia, MediaRef, OrgId, RelayOrder, Relayed};
use vikno_shell::{new_id, now_ms, post};
use vikno_storage::{Database, media};

/// Puts the event into the other inbox, which drops it if it is there already.
pub(crate) async fn pass_on(mut order: RelayOrder, settings: &Settings) -> DeliveryOutcome {
    if let Err(outcome) = hand_over_file(&mut order, settings).await {
        return outcome;
    }
    let body = match serde_json::to_vec(&order.event) {
        Ok(body) => body,
        Err(error) => {
            return DeliveryOutcome::Rejected {
                code: error.to_string(),
            };
        }
    };
    match post("engine", &format!("/{}/inbox", order.org), body).await {
        Ok((200..=299, _)) => DeliveryOutcome::Sent { external_id: None },
        Ok((status @ (400..=428 | 430..=499), _)) => DeliveryOutcome::Rejected {
            code: format!("{} answered {status}", order.org),
        },
        Ok(_) | Err(_) => DeliveryOutcome::Unavailable,
    }
}

async fn hand_over_file(
    order: &mut RelayOrder,
    settings: &Settings,
) -> Result<(), DeliveryOutcome> {
    let Content::Relayed { relayed } = &mut order.event.content else {
        return Ok(());
    };
    match relayed {
        Relayed::ToCitizen { message } => match &message.media {
            Some(file) => copy(file, &order.org, settings).await,
            None => Ok(()),
        },
        Relayed::FromCitizen { event } => match &mut event.content {
            Content::Media { media, .. } => hand_over_attachment(media, &order.org, settings).await,
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What the citizen sent: from our store, or fetched with our bot. A file that is refused is told by its name alone.
async fn hand_over_attachment(
    attachment: &mut IncomingMedia,
    org: &OrgId,
    settings: &Settings,
) -> Result<(), DeliveryOutcome> {
    if let Some(file) = &attachment.stored {
        return copy(file, org, settings).await;
    }
    let Some(remote) = &attachment.remote else {
        return Ok(());
    };
    let id = new_id("f");
    match bring(
        remote,
        attachment.name.as_deref(),
        &id,
        org.as_str(),
        settings,
    )
    .await
    {
        Ok(file) => {
            adopt(&file.media, org).await?;
            attachment.stored = Some(file.media);
        }
        Err(NotFetched::Failed(
            outcome @ (DeliveryOutcome::Unavailable | DeliveryOutcome::RetryAfter { .. }),
        )) => {
            return Err(outcome);
        }
        Err(_) => {}
    }
    attachment.remote = None;
    Ok(())
}

async fn copy(file: &MediaRef, org: &OrgId, settings: &Settings) -> Result<(), DeliveryOutcome> {
    let unavailable = |_| DeliveryOutcome::Unavailable;
    let Some(bytes) = store::read(settings.org.as_str(), &file.id)
        .await
        .map_err(unavailable)?
    else {
        return Err(DeliveryOutcome::Rejected {
            code: "the file is not in the store".to_owned(),
        });
    };
    store::write(org.as_str(), &file.id, &bytes)
        .await
        .map_err(unavailable)?;
    adopt(file, org).await
}

async fn adopt(file: &MediaRef, org: &OrgId) -> Result<(), DeliveryOutcome> {
    let unavailable = |_| DeliveryOutcome::Unavailable;
    let database = Database::open(org.as_str()).await.map_err(unavailable)?;
    media::adopt(&database, file, now_ms())
        .await
        .map_err(unavailable)
}
