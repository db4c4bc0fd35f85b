// Het token staat achter de # en gaat zo nooit naar de server. Na het inloggen is het adres een ander: daarom bewaart
// dit tabblad het, tot het formulier verstuurd is.
(function () {
  "use strict";
  var plek = "hmp-uitnodiging";
  var token = location.hash.slice(1);
  if (token) {
    sessionStorage.setItem(plek, token);
    history.replaceState(null, "", location.pathname);
  } else {
    token = sessionStorage.getItem(plek) || "";
  }
  var formulier = document.getElementById("aannemen");
  if (formulier && token) {
    document.getElementById("token").value = token;
    formulier.hidden = false;
    formulier.addEventListener("submit", function () { sessionStorage.removeItem(plek); });
  }
})();
