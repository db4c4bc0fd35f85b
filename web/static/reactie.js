// Houdt vast wat u in uw reactie typt: versleuteld op dit apparaat (kluis.js), hoogstens zeven dagen. Wie meeleest, ziet
// het pas na Bewaar, want een halve zin is nog geen reactie. Zonder script werkt de knop net zo. Besluit 0043.
(function () {
  "use strict";
  var f = document.getElementById("reactieformulier"), stand = document.getElementById("reactiestand");
  if (!f || !stand || !window.FormData || !window.hmpKluis) return;
  var KLAD = 400, wekker = 0;

  function paren() {
    var uit = [];
    new FormData(f).forEach(function (waarde, naam) { if (naam !== "csrf") uit.push([naam, waarde]); });
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

  function zeg(tekst) { if (stand.textContent !== tekst) stand.textContent = tekst; }

  window.hmpKluis(f.dataset.sleutel, "reactie-" + f.dataset.advies).then(function (kluis) {
    if (!kluis) return;
    function leg() {
      clearTimeout(wekker);
      wekker = 0;
      kluis.zet({ paren: paren(), stand: f.dataset.stand }).then(function (ligt) {
        zeg(ligt ? "Uw tekst staat veilig op dit apparaat. Hij is nog niet verstuurd." : "Uw tekst is nog niet bewaard. Sluit deze bladzijde niet.");
      });
    }
    kluis.alle().then(function (stukken) {
      var laatste = stukken[stukken.length - 1];
      if (f.dataset.net) { // net bewaard: wat er lag, is verstuurd
        stukken.forEach(function (stuk) { kluis.weg(stuk.plek); });
        history.replaceState(null, "", location.pathname); // wie ververst, heeft niet nog eens bewaard
      } else if (laatste && laatste.inhoud.stand !== f.dataset.stand) { // op een ander apparaat is intussen bewaard
        zeg("U bewaarde later nog een reactie. Die staat hier.");
      } else if (laatste && !f.dataset.opnieuw && JSON.stringify(laatste.inhoud.paren) !== JSON.stringify(paren())) {
        zet(laatste.inhoud.paren);
        zeg("Wat u typte, staat er weer. Het is nog niet verstuurd.");
      }
      f.addEventListener("input", function () { clearTimeout(wekker); wekker = setTimeout(leg, KLAD); });
      function nu() { if (wekker) leg(); }
      window.addEventListener("pagehide", nu);
      document.addEventListener("visibilitychange", function () { if (document.hidden) nu(); });
      f.addEventListener("submit", nu);
    });
  });
})();
