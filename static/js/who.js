// Public pages are the same for everybody; who is signed in comes in a fragment of its own. It is only asked for in a
// browser in which somebody has signed in: pages of one's own leave a mark, and a fragment without a name takes it away.
(function () {
  "use strict";
  var MARK = "signed-in";
  var place = document.querySelector("[data-who]");
  if (!place) { return; }
  try {
    if (place.dataset.who === "") {
      window.localStorage.setItem(MARK, "1");
      return;
    }
    if (window.localStorage.getItem(MARK) !== "1") { return; }
  } catch (error) {
    return; // Storage is closed to us: the link to the account stays as it is.
  }
  fetch(place.dataset.who, { credentials: "same-origin" })
    .then(function (answer) { return answer.ok ? answer.text() : null; })
    .catch(function () { return null; })
    .then(function (found) {
      if (found === null) { return; }
      if (found.trim() === "") {
        window.localStorage.removeItem(MARK);
      } else {
        place.innerHTML = found;
      }
    });
})();
