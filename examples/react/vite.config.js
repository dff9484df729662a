import { defineConfig } from "vite";

// React's development half is what StrictMode mounts everything twice in.
process.env.NODE_ENV = "development";

export default defineConfig({ base: "./", build: { minify: false } });
