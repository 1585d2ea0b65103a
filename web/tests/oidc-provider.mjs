// A provider of OpenID Connect for tests: whoever gives a login is that person. `node oidc-provider.mjs PORT REDIRECT_URI SECRET`.

import Provider from "oidc-provider";

const [port, redirect, secret] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "vikno", client_secret: secret, redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["preferred_username"] },
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: `subject of ${id}`,
      email: `${id.replace("unchecked-", "")}@gov.example`,
      email_verified: !id.startsWith("unchecked-"),
      preferred_username: id,
    }),
  }),
});

provider.listen(Number(port), "127.0.0.1");
