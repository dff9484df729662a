import { SESSION, tokenFor } from "../../../lib/session.js";

const AN_HOUR_S = 3600;

/** Lets everybody in who knows the password. */
export async function POST(request) {
  const form = await request.formData();
  const user = String(form.get("user") ?? "");
  if (!/^\w+$/.test(user) || form.get("password") !== process.env.CHAT_PASSWORD) {
    return new Response(null, { status: 303, headers: { location: "/login" } });
  }
  const cookie = `${SESSION}=${tokenFor(user, AN_HOUR_S)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${AN_HOUR_S}`;
  return new Response(null, { status: 303, headers: { location: "/chat", "set-cookie": cookie } });
}
