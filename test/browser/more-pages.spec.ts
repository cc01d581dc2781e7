import { walkPages } from "./page-walk.ts";

walkPages({ from: 1 });
