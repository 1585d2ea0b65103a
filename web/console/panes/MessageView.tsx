// One message as it was said. What people wrote is put in as text only.

import type { Media, Message } from "../server/types.ts";
import { Icon } from "../parts/Icon.tsx";
import { clock, named, size, t } from "../state/words.ts";

export function MessageView({ message }: { message: Message }) {
  return (
    <div class={`message ${message.from}`} data-message={message.id}>
      <div class="bubble">
        {message.media && <MediaView media={message.media} />}
        {message.text && <p class="words">{message.text}</p>}
        {message.buttons.length > 0 && <Offered message={message} />}
      </div>
      <p class="message-head">
        <span class="author">{message.name ?? named("from", message.from)}</span>
        <time dateTime={message.at}>{clock(message.at)}</time>
        {message.from === "operator" && message.delivery !== "none" && (
          <span class={`delivery ${message.delivery}`}>{named("delivery", message.delivery)}</span>
        )}
      </p>
    </div>
  );
}

function Offered({ message }: { message: Message }) {
  return (
    <ul class="offered" aria-label={t("offered")}>
      {message.buttons.map(({ id, label }) => <li key={id}>{label}</li>)}
    </ul>
  );
}

function MediaView({ media }: { media: Media }) {
  if (!media.url) return <p class="file-line"><Icon name="file" /> {media.name} · {t("file_not_ready")}</p>;
  const kind = media.type.split("/")[0];
  if (kind === "image") {
    return (
      <a class="picture" href={media.url} target="_blank" rel="noopener">
        <img src={media.url} alt={media.name} loading="lazy" />
      </a>
    );
  }
  if (kind === "audio") return <audio src={media.url} controls preload="none" aria-label={media.name} />;
  if (kind === "video") return <video src={media.url} controls preload="metadata" aria-label={media.name} />;
  return (
    <a class="file-line" href={media.url} target="_blank" rel="noopener">
      <Icon name="file" /> {media.name} <span class="soft">{size(media.size)}</span>
    </a>
  );
}
