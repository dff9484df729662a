import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { chatWith } from "./Chat.jsx";

const BINDINGS = {
  "1.4.3": () => import("chatkit-react-1.4.3"),
  "1.5.0": () => import("chatkit-react-1.5.0"),
  "1.6.1": () => import("chatkit-react-1.6.1"),
};

// The address says what is to be looked at: ?binding=1.5.0&api=/chatkit&configured
const asked = new URLSearchParams(location.search);
const Chat = chatWith(await BINDINGS[asked.get("binding") ?? "1.6.1"]());

createRoot(document.querySelector("#root")).render(
  <StrictMode>
    <Chat api={asked.get("api") ?? "/chatkit"} configured={asked.has("configured")} />
  </StrictMode>,
);
