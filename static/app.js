// Everything works without this file. With it: focus goes to the error summary, character counts, one click sends once.
import { initAll } from "./nhsuk-10.6.1/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
