// Houdt vast wat u in uw reactie typt: versleuteld op dit apparaat (kluis.js), tot u op Bewaar drukt. De server hoort
// het pas dan, want een halve zin is nog geen reactie. Zonder script werkt de knop net zo. Besluit 0043.
(function () {
  "use strict";
  var f = document.getElementById("reactieformulier"), stand = document.getElementById("reactiestand");
  if (!f || !stand || !window.FormData || !window.hmpKluis) return;
  var KLAD = 400, wekker = 0;

  function paren() {
    var uit = [];
    new FormData(f).forEach(function (waarde, naam) { if (naam !== "csrf" && waarde !== "") uit.push([naam, waarde]); });
    return uit;
  }

  function zet(lijst) {
    lijst.forEach(function (paar) {
      Array.prototype.forEach.call(f.querySelectorAll("[name]"), function (veld) {
        if (veld.name !== paar[0]) return;
        if (veld.type === "radio" || veld.type === "checkbox") veld.checked = veld.checked || veld.value === paar[1];
        else veld.value = paar[1];
      });
    });
  }

  window.hmpKluis(f.dataset.sleutel, "reactie-" + f.dataset.advies).then(function (kluis) {
    if (!kluis) return;
    function leg() {
      clearTimeout(wekker);
      kluis.zet({ paren: paren() }).then(function (ligt) {
        if (ligt) stand.textContent = "Uw tekst staat veilig op dit apparaat. Hij is nog niet verstuurd.";
      });
    }
    kluis.alle().then(function (stukken) {
      var laatste = stukken[stukken.length - 1];
      if (f.dataset.net) { // net bewaard: wat er lag, is verstuurd
        stukken.forEach(function (stuk) { kluis.weg(stuk.plek); });
      } else if (laatste && JSON.stringify(laatste.inhoud.paren) !== JSON.stringify(paren())) {
        zet(laatste.inhoud.paren);
        stand.textContent = "Wat u typte, staat er weer. Het is nog niet verstuurd.";
      }
      f.addEventListener("input", function () { clearTimeout(wekker); wekker = setTimeout(leg, KLAD); });
      window.addEventListener("pagehide", function () { if (wekker) leg(); });
    });
  });
})();
