// Getypte tekst op dit toestel, versleuteld (AES-GCM). De sleutel komt met de bladzijde mee en staat nergens op het
// toestel: wie niet als dezelfde persoon is ingelogd, leest niets. Na zeven dagen gaat het weg. Besluit 0043.
(function () {
  "use strict";
  var VOOR = "hmp-tekst-", DAGEN = 7;

  function bytes(hex) {
    return new Uint8Array((hex.match(/../g) || []).map(function (b) { return parseInt(b, 16); }));
  }
  function als64(ruw) { return btoa(Array.from(new Uint8Array(ruw), function (b) { return String.fromCharCode(b); }).join("")); }
  function van64(tekst) { return Uint8Array.from(atob(tekst), function (t) { return t.charCodeAt(0); }); }

  function ruimOp() {
    for (var i = localStorage.length - 1; i >= 0; i--) {
      var naam = localStorage.key(i), oud = true;
      if (naam.indexOf(VOOR) !== 0) continue;
      try { oud = Date.now() - JSON.parse(localStorage.getItem(naam)).op > DAGEN * 864e5; } catch (e) { /* kapot: weg */ }
      if (oud) localStorage.removeItem(naam);
    }
  }

  // Een belofte van {zet, haal, weg}, of van null als dit toestel niets veilig kan bewaren.
  window.hmpKluis = function (hex, naam) {
    if (!window.crypto || !crypto.subtle) return Promise.resolve(null);
    try { ruimOp(); } catch (e) { return Promise.resolve(null); }
    return crypto.subtle.importKey("raw", bytes(hex), "AES-GCM", false, ["encrypt", "decrypt"]).then(function (sleutel) {
      var plek = VOOR + naam, beurt = 0;
      return {
        zet: function (inhoud) {
          var iv = crypto.getRandomValues(new Uint8Array(12)), ik = ++beurt;
          var tekst = new TextEncoder().encode(JSON.stringify(inhoud));
          return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, sleutel, tekst).then(function (dicht) {
            if (ik !== beurt) return true; // intussen is er iets nieuwers, of het is al bewaard
            localStorage.setItem(plek, JSON.stringify({ op: Date.now(), iv: als64(iv), tekst: als64(dicht) }));
            return true;
          }).catch(function () { return false; });
        },
        haal: function () {
          var ligt = null;
          try { ligt = JSON.parse(localStorage.getItem(plek)); } catch (e) { return Promise.resolve(null); }
          if (!ligt) return Promise.resolve(null);
          return crypto.subtle.decrypt({ name: "AES-GCM", iv: van64(ligt.iv) }, sleutel, van64(ligt.tekst))
            .then(function (open) { return JSON.parse(new TextDecoder().decode(open)); })
            .catch(function () { return null; }); // van een ander: laten liggen
        },
        weg: function () { beurt++; localStorage.removeItem(plek); }
      };
    }, function () { return null; });
  };
})();
