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

  // Elk tabblad heeft een eigen plek: het ene gooit zo niet weg wat het andere nog niet kon bewaren.
  function tabblad() {
    var naam = sessionStorage.getItem("hmp-tabblad") || String(Date.now()) + Math.random().toString(36).slice(2);
    sessionStorage.setItem("hmp-tabblad", naam);
    return naam;
  }

  // Een belofte van {zet, alle, weg}, of van null als dit toestel niets veilig kan bewaren.
  window.hmpKluis = function (hex, naam) {
    if (!window.crypto || !crypto.subtle) return Promise.resolve(null);
    try { ruimOp(); } catch (e) { return Promise.resolve(null); }
    return crypto.subtle.importKey("raw", bytes(hex), "AES-GCM", false, ["encrypt", "decrypt"]).then(function (sleutel) {
      var plek = VOOR + naam + "-" + tabblad(), beurt = 0;
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
        // Alles van dit advies, ook van een gesloten tabblad: [{plek, inhoud}], het oudste eerst.
        alle: function () {
          var ligt = [];
          for (var i = 0; i < localStorage.length; i++) {
            var naam_ = localStorage.key(i);
            if (naam_.indexOf(VOOR + naam + "-") === 0) ligt.push({ plek: naam_, dicht: JSON.parse(localStorage.getItem(naam_)) });
          }
          ligt.sort(function (a, b) { return a.dicht.op - b.dicht.op; });
          return Promise.all(ligt.map(function (l) {
            return crypto.subtle.decrypt({ name: "AES-GCM", iv: van64(l.dicht.iv) }, sleutel, van64(l.dicht.tekst))
              .then(function (open) { return { plek: l.plek, inhoud: JSON.parse(new TextDecoder().decode(open)) }; })
              .catch(function () { return null; }); // van een ander: laten liggen
          })).then(function (open) { return open.filter(Boolean); });
        },
        weg: function (waar) {
          if (!waar || waar === plek) beurt++;
          localStorage.removeItem(waar || plek);
        }
      };
    }, function () { return null; });
  };
})();
