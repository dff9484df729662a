import { createHmac } from "node:crypto";

/** The cookie by which a person is known here; the backend knows the person by the token in it. */
export const SESSION = "session";

/** A token (JWT, HS256) for a person, good for so many seconds. */
export function tokenFor(user, seconds) {
  const claims = { sub: user, exp: Math.floor(Date.now() / 1000) + seconds };
  const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  const signature = createHmac("sha256", process.env.CHAT_SECRET).update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

/** Who a token of our own cookie belongs to. */
export function userOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).sub;
}

function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
