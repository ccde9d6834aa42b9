/* What the browser tells beside its pictures, and what the page around us may wish. */

const tabs = document.querySelector("[data-tabs]");

function hear(message) {
  if (message.type === "page") {
    document.querySelector("[data-title]").textContent = message.title;
    document.querySelector("[data-url]").textContent = message.url;
    document.title = message.title || "Live browser";
    showTabs(message.tabs);
    tellParent({ type: "page", url: message.url, title: message.title });
  } else if (message.type === "control") {
    if (message.held) takeControl();
    else loseControl();
    tellParent({ type: "control", held: message.held, reason: message.reason });
  } else if (message.type === "ended") {
    loseControl();
    show("ended", `The session has ended. ${message.status === "closed" ? "" : message.reason}`.trim());
  }
}

function showTabs(all) {
  tabs.hidden = all.length < 2;
  const focused = [...tabs.children].findIndex((tab) => tab.contains(document.activeElement));
  tabs.replaceChildren(...all.map(tabOf));
  if (focused >= 0) tabs.children[focused]?.querySelector("button").focus();
}

function tabOf(told) {
  const name = told.title || told.url;
  const tab = document.createElement("span");
  tab.className = "tab";
  const title = button("tab-title", name, () => send({ type: "tab", id: told.tab_id }));
  title.title = told.url;
  if (told.front) title.setAttribute("aria-current", "true");
  tab.append(title);
  if (query.get("interactive") === "1") {
    const close = button("tab-close", "×", () => send({ type: "close-tab", id: told.tab_id }));
    close.setAttribute("aria-label", `Close the tab ${name}`);
    tab.append(close);
  }
  return tab;
}

function button(className, text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", () => inControl && onClick());
  return made;
}

function dress(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
}

dress(query.get("theme"));
if (query.get("mode") === "embed-minimal") root.dataset.mode = "embed-minimal";
addEventListener("message", ({ source, data }) => {
  if (source === parent && data?.type === "theme") dress(data.theme);
});
show("waiting", "Connecting…");
connect();
