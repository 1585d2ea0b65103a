// Passkeys: the device is asked by the browser, the server checks what it answers.

import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from "@simplewebauthn/browser";
import { type AccessToken, call, keepToken, Refusal } from "./http.ts";

export interface Passkey {
  id: string;
  name: string;
  synchronised: boolean;
  created_at: string;
  used_at: string | null;
}

/** Passkeys belong to names: at a bare address no browser makes one. */
export const canHavePasskeys = () => browserSupportsWebAuthn() && !/^[\d.]+$|:/.test(location.hostname);

/** Whoever sits at the device may say no, or nothing. */
async function ofDevice<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (failure) {
    const isKnown = failure instanceof WebAuthnError && failure.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
    const detail = failure instanceof Error ? failure.message : "";
    throw new Refusal(400, isKnown ? "passkey_exists" : "passkey_cancelled", detail, null);
  }
}

export async function signInByPasskey(): Promise<void> {
  const optionsJSON = await call<PublicKeyCredentialRequestOptionsJSON>("POST", "/core/auth/passkey/begin", { open: true });
  const credential = await ofDevice(startAuthentication({ optionsJSON }));
  keepToken(await call<AccessToken>("POST", "/core/auth/passkey", { json: { credential }, open: true }));
}

export const passkeys = () => call<{ offered: boolean; passkeys: Passkey[] }>("GET", "/core/auth/passkeys");

export async function addPasskey(name: string, password: string): Promise<void> {
  const optionsJSON = await call<PublicKeyCredentialCreationOptionsJSON>("POST", "/core/auth/passkeys/begin", { json: { password } });
  const credential = await ofDevice(startRegistration({ optionsJSON }));
  await call("POST", "/core/auth/passkeys", { json: { name, credential } });
}

export const removePasskey = (id: string, password: string) =>
  call<void>("POST", `/core/auth/passkeys/${encodeURIComponent(id)}/remove`, { json: { password } });
