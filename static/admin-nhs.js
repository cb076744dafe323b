// Names for the admin's controls that have no label of their own, a way by keyboard into rows that are wider than the
// screen, and the handler of the export page.
(() => {
  const say = (text) => (window.gettext ? window.gettext(text) : text);
  const tidy = (text) => (text || "").replace(/[:*]/g, "").replace(/\s+/g, " ").trim();
  const isNamed = (el) => el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") || (el.labels && el.labels.length > 0);
  const name = (el, text) => {
    if (tidy(text) && !isNamed(el)) el.setAttribute("aria-label", tidy(text));
  };

  const nameInlineCells = () => {
    document.querySelectorAll(".inline-group .tabular tr.form-row").forEach((row, index) => {
      const heads = row.closest("table").querySelectorAll("thead th");
      row.querySelectorAll("td").forEach((cell) => {
        const head = heads[cell.cellIndex - (row.cells.length - heads.length)] || heads[cell.cellIndex];
        cell.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((el) => {
          name(el, `${head ? head.textContent : ""}, ${say("row")} ${index + 1}`);
        });
      });
    });
  };

  const nameDatesAndTimes = () => {
    document.querySelectorAll(".datetime input").forEach((el) => {
      const box = el.closest(".form-row");
      const label = box && box.querySelector("label, legend");
      name(el, `${label ? label.textContent : ""} ${/_1$/.test(el.id) ? say("time") : say("date")}`);
    });
  };

  const nameSearchableSelects = () => {
    document.querySelectorAll(".select2-selection[role=combobox]").forEach((el) => {
      const select = el.closest(".select2").previousElementSibling;
      const label = select && select.labels && select.labels[0];
      if (label) {
        label.id = label.id || `${select.id}_label`;
        el.setAttribute("aria-labelledby", label.id);
      } else {
        el.removeAttribute("aria-labelledby");
        el.setAttribute("aria-label", (select && select.getAttribute("aria-label")) || say("Choose"));
      }
      el.querySelectorAll("[role=textbox]").forEach((box) => {
        box.removeAttribute("role");
        box.removeAttribute("aria-readonly");
      });
      el.querySelectorAll("input.select2-search__field").forEach((box) => name(box, label ? label.textContent : say("Search")));
    });
    document.querySelectorAll(".select2-selection[aria-owns]").forEach((el) => el.setAttribute("aria-controls", el.getAttribute("aria-owns")));
    document.querySelectorAll(".select2-results__message[role=alert]").forEach((el) => {
      el.setAttribute("role", "option");
      el.setAttribute("aria-disabled", "true");
    });
    document.querySelectorAll(".select2-search--dropdown input").forEach((box) => name(box, say("Search")));
  };

  // A box that scrolls sideways and holds nothing to fill in cannot be scrolled without a mouse, unless it has the focus.
  // Its rows may grow wider after they are there.
  const sizes = new ResizeObserver((entries) => {
    new Set(entries.map((entry) => entry.target.closest(".tabular"))).forEach((box) => {
      const heading = box.querySelector(".inline-heading");
      if (box.scrollWidth <= box.clientWidth || !heading) return;
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-labelledby", heading.id);
    });
  });
  const openWideRows = () => {
    document.querySelectorAll(".inline-group .tabular, .inline-group .tabular table").forEach((el) => sizes.observe(el));
  };

  const nameTheRest = () => {
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((el) => el.setAttribute("role", "img"));
    document.querySelectorAll("input.select-toggle").forEach((el) => name(el, say("Select all")));
    document.querySelectorAll("table thead th").forEach((head) => {
      if (tidy(head.textContent) || head.querySelector("input")) return;
      const text = document.createElement("span");
      text.className = "visually-hidden";
      text.textContent = say("Actions");
      head.append(text);
    });
  };

  const run = () => [nameInlineCells, nameDatesAndTimes, nameSearchableSelects, openWideRows, nameTheRest].forEach((step) => step());

  document.addEventListener("change", (event) => {
    if (!event.target.matches("input.select-toggle")) return;
    document.querySelectorAll(".selectable-field-export-row input[type=checkbox]:not(.select-toggle)").forEach((box) => {
      box.checked = event.target.checked;
    });
  });
  // Inline rows, calendars and searchable lists come later than the page. They are named before anything else goes on.
  new MutationObserver(run).observe(document.body, { childList: true, subtree: true });
  run();
})();
