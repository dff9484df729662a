import { useState } from "react";

const THREAD = "thread";

// What the report thought might be missing: uploads, and a handler for everything.
const MORE = {
  composer: { attachments: { enabled: true } },
  onResponseStart: () => console.info("[chat] a response begins"),
  onResponseEnd: () => console.info("[chat] a response ends"),
  onLog: ({ name }) => console.info("[chat]", name),
};

/** The chat, made with one version of the bindings. */
export function chatWith({ ChatKit, useChatKit }) {
  return function Chat({ api, configured }) {
    const [initialThread] = useState(() => localStorage.getItem(THREAD));
    const uploads = { uploadStrategy: { type: "direct", uploadUrl: `${location.origin}/uploads` } };
    const { control } = useChatKit({
      api: { url: api, domainKey: "local-dev", ...(configured ? uploads : {}) },
      initialThread,
      onThreadChange: ({ threadId }) => {
        if (threadId) localStorage.setItem(THREAD, threadId);
      },
      ...(configured ? MORE : {}),
    });
    return <ChatKit control={control} style={{ display: "block", width: 420, height: 600 }} />;
  };
}
