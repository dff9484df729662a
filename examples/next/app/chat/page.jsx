import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { ChatProvider } from "../../components/ChatProvider.jsx";
import { SESSION, userOf } from "../../lib/session.js";

export default async function ChatPage() {
  const token = (await cookies()).get(SESSION)?.value;
  if (!token) redirect("/login");
  return (
    <ChatProvider
      apiBaseUrl={process.env.CHAT_API_URL}
      rewrites={process.env.CHAT_PAGE !== "repaired"}
      token={token}
      userId={userOf(token)}
    />
  );
}
