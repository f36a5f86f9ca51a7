// The page of a place that is being bought: asks now and then whether it has another version, and loads itself anew then.
// Without it a link does the same.
(function () {
  "use strict";
  var FIRST = 1500;
  var LONGEST = 15000;
  var TRIES = 60;
  var part = document.querySelector("[data-turn]");
  if (!part) { return; }

  function ask(pause, left) {
    if (left <= 0) {
      document.querySelectorAll("[data-turn-over]").forEach(function (said) { said.hidden = false; });
      return;
    }
    window.setTimeout(function () {
      fetch(part.dataset.turn, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .catch(function () { return null; })
        .then(function (found) {
          if (found && String(found.version) !== part.dataset.version) {
            window.location.reload();
          } else {
            ask(Math.min(pause * 1.3, LONGEST), left - 1);
          }
        });
    }, pause);
  }

  ask(FIRST, TRIES);
})();
