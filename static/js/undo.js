// Counts the seconds in which a decision can be undone, then takes the button away. Without it the button stays, and a
// late press is answered in words.
(function () {
  "use strict";
  var bar = document.querySelector("[data-undo]");
  if (!bar) { return; }
  var end = Date.now() + Number(bar.dataset.undo) * 1000;
  var left = bar.querySelector("[data-undo-left]");

  function tick() {
    var seconds = Math.ceil((end - Date.now()) / 1000);
    if (seconds > 0) {
      left.textContent = String(seconds);
      return;
    }
    window.clearInterval(timer);
    var form = bar.querySelector("form");
    if (form.contains(document.activeElement)) {
      var told = bar.querySelector("p");
      told.tabIndex = -1;
      told.focus();
    }
    form.remove();
    bar.querySelector("[data-undo-told]").remove();
  }

  var timer = window.setInterval(tick, 250);
  tick();
})();
