// While a job runs, look again every two seconds and show how far it is. Without this file, “Look again now” does it.
const selector = "[data-look-again]";

async function lookAgain() {
  const region = document.querySelector(selector);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(selector);
    if (answer.ok && !fresh) return location.reload();
    if (fresh) {
      region.querySelector("progress").value = fresh.querySelector("progress").value;
      const said = region.querySelector("[role=status]");
      const says = fresh.querySelector("[role=status]").textContent;
      if (said.textContent !== says) said.textContent = says;
    }
  } catch {
    // The server may be away for a moment: the next look tells.
  }
  setTimeout(lookAgain, 2000);
}

if (document.querySelector(selector)) setTimeout(lookAgain, 1000);
