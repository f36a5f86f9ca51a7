// The moderators' queue by keyboard, and statements drafted as a ground is chosen. Without it everything works by hand.
(function () {
  "use strict";
  var STORED = "queue-keys";
  var form = document.querySelector("[data-decide]");
  var hints = document.querySelector("[data-keys]");
  var grounds = form ? Array.from(form.querySelectorAll("input[name=ground]")) : [];
  var statement = form ? form.querySelector("textarea[name=statement]") : null;
  var keysOn = true;

  try {
    keysOn = window.localStorage.getItem(STORED) !== "off";
  } catch (error) {
    // Storage is closed to us: the keys are on until they are turned off on this page.
  }

  function addKey(element, key, before) {
    var hint = document.createElement("kbd");
    hint.textContent = key;
    hint.setAttribute("aria-hidden", "true");
    element.insertAdjacentElement(before ? "afterbegin" : "beforeend", hint);
  }

  function showKeys() {
    document.querySelectorAll("[data-queue] kbd, [data-undo] kbd").forEach(function (hint) { hint.remove(); });
    if (hints) {
      hints.hidden = false;
      hints.querySelectorAll("dl > div:not(:last-child)").forEach(function (part) { part.hidden = !keysOn; });
      var toggle = hints.querySelector("[data-keys-switch]");
      toggle.textContent = keysOn ? toggle.dataset.off : toggle.dataset.on;
    }
    if (!keysOn) { return; }
    grounds.forEach(function (ground, number) { addKey(ground.labels[0], String(number + 1), true); });
    document.querySelectorAll("[data-key]").forEach(function (button) { addKey(button, button.dataset.key); });
  }

  function isDraft(text) {
    return text.trim() === "" || grounds.some(function (ground) { return ground.dataset.draft === text; });
  }

  function draft(ground) {
    // Only an empty statement or an untouched draft is replaced: nothing typed is lost.
    if (statement && ground.dataset.draft && isDraft(statement.value)) { statement.value = ground.dataset.draft; }
  }

  function move(step) {
    var open = document.querySelector("[data-open]");
    var target = open && (step > 0 ? open.dataset.next : open.dataset.previous);
    if (target) { window.location.assign(target); }
  }

  function typing(target) {
    return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])") !== null;
  }

  function press(event) {
    if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) { return; }
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      move(key === "j" ? 1 : -1);
    } else if (/^[1-9]$/.test(key) && grounds[Number(key) - 1]) {
      grounds[Number(key) - 1].checked = true;
      grounds[Number(key) - 1].focus();
      draft(grounds[Number(key) - 1]);
    } else if (document.querySelector("[data-key='" + CSS.escape(key) + "']")) {
      var button = document.querySelector("[data-key='" + CSS.escape(key) + "']");
      if (button) { button.click(); }
    } else {
      return;
    }
    event.preventDefault();
  }

  if (hints) {
    hints.querySelector("[data-keys-switch]").addEventListener("click", function () {
      keysOn = !keysOn;
      try {
        window.localStorage.setItem(STORED, keysOn ? "on" : "off");
      } catch (error) {
        // Not kept for the next page.
      }
      showKeys();
    });
  }
  grounds.forEach(function (ground) {
    ground.addEventListener("change", function () { draft(ground); });
  });
  document.addEventListener("keydown", press);
  showKeys();
})();
