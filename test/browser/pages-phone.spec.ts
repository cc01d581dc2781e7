import { walkPages } from "./page-walk.ts";
import { PHONE } from "./stage.ts";

walkPages({ size: PHONE, theme: "dark", other: "light" });
