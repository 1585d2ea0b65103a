// Signing in: login and password, then a code where one is asked for.

import { text } from "../texts.js";
import { answerCode, signIn } from "./api.js";
import { byId } from "./dom.js";

let challenge = null;
let entered = () => {};

function told(words) {
  byId("door-error").textContent = words ?? "";
  byId("door-error").hidden = !words;
}

function step(code) {
  byId("by-password").hidden = code;
  byId("by-code").hidden = !code;
  byId(code ? "code" : "login").focus();
}

async function submit(event) {
  event.preventDefault();
  told(null);
  const button = event.target.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    if (challenge) await answerCode(challenge, byId("code").value.trim());
    else challenge = await signIn(byId("login").value.trim(), byId("password").value);
    if (challenge && byId("by-code").hidden) step(true);
    else {
      challenge = null;
      await entered();
      event.target.reset();
    }
  } catch (failure) {
    // A challenge that is used up begins anew.
    if (challenge && failure.code !== "wrong_code") {
      challenge = null;
      step(false);
    }
    told(failure.status ? failure.message : text("unreachable"));
  }
  button.disabled = false;
}

/** Shows the form; `then` is called when somebody has signed in. */
export function openDoor(then) {
  entered = then;
  challenge = null;
  byId("door").hidden = false;
  byId("sign-in").onsubmit = submit;
  step(false);
}
