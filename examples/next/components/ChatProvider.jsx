"use client";

import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useState } from "react";
import { fetchWithToken, rewritingFetch } from "./fetches.js";

const THREAD = "thread";

/** The chat of a person who is logged in, as the report had it, or repaired. */
export function ChatProvider({ apiBaseUrl, userId, token, rewrites }) {
  const [initialThread] = useState(() =>
    typeof localStorage === "undefined" ? null : localStorage.getItem(THREAD),
  );
  const { control } = useChatKit({
    api: {
      url: rewrites ? `${apiBaseUrl}/${userId}/chat` : `${apiBaseUrl}/chatkit`,
      domainKey: "local-dev",
      fetch: rewrites ? rewritingFetch(token) : fetchWithToken(token),
    },
    initialThread,
    onThreadChange: ({ threadId }) => {
      if (threadId) localStorage.setItem(THREAD, threadId);
    },
  });
  return <ChatKit control={control} style={{ display: "block", width: 420, height: 600 }} />;
}
