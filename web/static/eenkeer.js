// Een formulier gaat één keer weg, ook als een vinger twee keer tikt of het net traag is. Na tien seconden mag het weer:
// een bestand dat wordt bewaard laat de bladzijde staan, en een net kan wegvallen.
(function () {
  "use strict";
  var WACHT = 10000;

  function vrij(formulier) { formulier.removeAttribute("aria-busy"); }

  document.addEventListener("submit", function (gebeurtenis) {
    var formulier = gebeurtenis.target;
    if (gebeurtenis.defaultPrevented || formulier.method !== "post") return;
    if (formulier.getAttribute("aria-busy") === "true") { gebeurtenis.preventDefault(); return; }
    formulier.setAttribute("aria-busy", "true");
    setTimeout(vrij, WACHT, formulier);
  });

  // Wie met *Terug* op de bladzijde komt, mag meteen weer sturen.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[aria-busy]").forEach(vrij);
  });
})();
