// Signing in and out, and the own account.

import { type AccessToken, call, forgetToken, keepToken } from "./http.ts";
import type { Me, SignInSession } from "./types.ts";

export interface Challenge {
  otp_required: true;
  challenge: string;
  by?: "sms" | "totp";
}

/** A challenge when a one-time code is asked for, else nothing: then the person is signed in. */
export async function login(name: string, password: string): Promise<Challenge | null> {
  const json = { login: name, password };
  const answer = await call<AccessToken | Challenge>("POST", "/core/auth/login", { json, open: true });
  if ("otp_required" in answer) return answer;
  keepToken(answer);
  return null;
}

/** Whether people may sign in through a provider of their organisation, and what it is called. */
export const providerOffered = () => call<{ offered: boolean; name: string | null }>("GET", "/core/auth/sso", { open: true });

export async function answerChallenge(challenge: string, code: string): Promise<void> {
  keepToken(await call<AccessToken>("POST", "/core/auth/otp", { json: { challenge, code }, open: true }));
}

export async function logout(): Promise<void> {
  try {
    await call("POST", "/core/auth/logout");
  } finally {
    forgetToken();
  }
}

export const me = () => call<Me>("GET", "/core/auth/me");

export async function changePassword(current: string, replacement: string): Promise<void> {
  keepToken(await call<AccessToken>("POST", "/core/auth/password", { json: { current, new: replacement } }));
}

export const sessions = () => call<{ sessions: SignInSession[] }>("GET", "/core/auth/sessions");

export const endSession = (id: string) => call<void>("DELETE", `/core/auth/sessions/${encodeURIComponent(id)}`);

export const beginTotp = (password: string) =>
  call<{ secret: string; uri: string }>("POST", "/core/auth/totp", { json: { password } });

export const confirmTotp = (code: string) =>
  call<{ recovery_codes: string[] }>("POST", "/core/auth/totp/confirm", { json: { code } });

export const removeTotp = (password: string) => call<void>("POST", "/core/auth/totp/remove", { json: { password } });
