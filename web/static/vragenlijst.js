// Maakt vragenlijsten prettiger: vragen komen en gaan met uw antwoord, en zoeken in een lijst gaat terwijl u typt.
// Zonder script doen de knoppen "Bijwerken" en "Zoek" hetzelfde. Bewaart en verstuurt niets.
(function () {
  "use strict";
  var TE_VEEL = 20;
  var lijsten = {};

  // --- welke vragen erbij horen (enableWhen)
  function waarden(form, naam) {
    var patroon = new RegExp("^" + naam.split("*").map(function (deel) { return deel.replace(/[.$^|()[\]{}+?\\]/g, "\\$&"); }).join("[0-9]+") + "$");
    return Array.prototype.filter.call(form.elements, function (veld) {
      var kiezen = veld.type === "radio" || veld.type === "checkbox";
      return veld.name && patroon.test(veld.name) && !veld.matches(":disabled") && (kiezen ? veld.checked : true) && veld.value.trim();
    }).map(function (veld) { return veld.value.trim(); });
  }
  function gewoon(tekst) {
    var dag = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(tekst);
    if (dag) return dag[3] + "-" + ("0" + dag[2]).slice(-2) + "-" + ("0" + dag[1]).slice(-2);
    var getal = tekst.replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(getal) ? Number(getal) : tekst;
  }
  function voldoet(form, regel) {
    var staat = waarden(form, regel[0]).map(gewoon), moet = gewoon(regel[2]);
    if (regel[1] === "exists") return (staat.length > 0) === (regel[2] === "ja");
    if (regel[1] === "!=") return staat.length > 0 && staat.every(function (w) { return w !== moet; });
    return staat.some(function (w) {
      if (regel[1] === "=") return w === moet;
      if (typeof w !== typeof moet) return false;
      return { ">": w > moet, "<": w < moet, ">=": w >= moet, "<=": w <= moet }[regel[1]];
    });
  }
  function bijwerken(form) {
    for (var ronde = 0, anders = true; anders && ronde < 10; ronde += 1) {
      anders = false;
      form.querySelectorAll("fieldset[data-als]").forEach(function (deel) {
        var als = JSON.parse(deel.dataset.als);
        var uitkomsten = als.regels.map(function (regel) { return voldoet(form, regel); });
        var ja = als.alle ? uitkomsten.every(Boolean) : uitkomsten.some(Boolean);
        if (deel.disabled === ja) { deel.disabled = !ja; deel.hidden = !ja; anders = true; }
      });
    }
  }

  // --- zoeken in een waardelijst
  function kaal(tekst) { return tekst.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, ""); }
  function haal(id) {
    lijsten[id] = lijsten[id] || fetch("/fhir/ValueSet/" + encodeURIComponent(id) + "/$expand", { headers: { accept: "application/fhir+json" } })
      .then(function (antwoord) { if (!antwoord.ok) throw new Error(); return antwoord.json(); })
      .then(function (lijst) {
        var alle = (lijst.expansion && lijst.expansion.contains) || [], vaak = {};
        alle.forEach(function (b) { vaak[b.code] = (vaak[b.code] || 0) + 1; });
        return alle.map(function (b) {
          var tekst = b.display || b.code;
          return { waarde: vaak[b.code] > 1 ? b.system + "|" + b.code : b.code, tekst: tekst, kaal: kaal(b.code + " " + tekst), begin: kaal(tekst), code: kaal(b.code) };
        });
      });
    return lijsten[id];
  }
  function vind(alle, term) {
    var woorden = kaal(term).split(/\s+/).filter(Boolean);
    if (!woorden.length) return [];
    var past = alle.filter(function (b) { return woorden.every(function (w) { return b.kaal.indexOf(w) >= 0; }); });
    var voorop = function (b) { return b.begin.indexOf(woorden[0]) === 0 || b.code.indexOf(woorden[0]) === 0; };
    return past.filter(voorop).concat(past.filter(function (b) { return !voorop(b); }));
  }
  function zoekvak(vak) {
    var invoer = vak.querySelector(".hmp-zoekvak input"), knop = vak.querySelector("button[name=zoek]");
    var stand = vak.querySelector("[role=status]"), gekozen = vak.querySelector("[data-gekozen]");
    var meer = vak.dataset.meer === "ja", op = -1, uitkomst = [];
    var lijst = document.createElement("ul");
    lijst.id = invoer.id + "-lijst";
    lijst.className = "hmp-zoeklijst";
    lijst.setAttribute("role", "listbox");
    lijst.setAttribute("aria-label", vak.querySelector("legend").textContent);
    lijst.hidden = true;
    invoer.parentNode.after(lijst);
    invoer.setAttribute("role", "combobox");
    invoer.setAttribute("aria-autocomplete", "list");
    invoer.setAttribute("aria-controls", lijst.id);
    invoer.setAttribute("aria-expanded", "false");
    knop.hidden = true;
    function toon() {
      lijst.hidden = !uitkomst.length;
      invoer.setAttribute("aria-expanded", String(!lijst.hidden));
      lijst.replaceChildren.apply(lijst, uitkomst.map(function (b, nummer) {
        var regel = document.createElement("li");
        regel.id = lijst.id + "-" + nummer;
        regel.setAttribute("role", "option");
        regel.setAttribute("aria-selected", String(nummer === op));
        regel.textContent = b.tekst;
        regel.addEventListener("mousedown", function (e) { e.preventDefault(); kies(b); });
        if (nummer === op) setTimeout(function () { regel.scrollIntoView({ block: "nearest" }); });
        return regel;
      }));
      if (op >= 0) invoer.setAttribute("aria-activedescendant", lijst.id + "-" + op);
      else invoer.removeAttribute("aria-activedescendant");
    }
    function dicht() { uitkomst = []; op = -1; toon(); }
    function kies(b) {
      var staat = Array.prototype.find.call(gekozen.querySelectorAll("input"), function (veld) { return veld.value === b.waarde; });
      if (!staat) {
        var label = document.createElement("label");
        label.className = "hmp-keuze";
        staat = document.createElement("input");
        staat.type = meer ? "checkbox" : "radio";
        staat.name = vak.dataset.zoek;
        staat.value = b.waarde;
        label.append(staat, b.tekst);
        gekozen.append(label);
      }
      staat.checked = true;
      invoer.value = "";
      dicht();
      stand.textContent = b.tekst + " is gekozen.";
      staat.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function zoek() {
      haal(vak.dataset.lijst).then(function (alle) {
        var past = vind(alle, invoer.value);
        uitkomst = past.slice(0, TE_VEEL);
        op = -1;
        toon();
        stand.textContent = !invoer.value.trim() ? "" : !past.length ? "Niets gevonden. Probeer een ander woord."
          : past.length > TE_VEEL ? past.length + " gevonden. U ziet de eerste " + TE_VEEL + ". Typ een woord erbij." : past.length + " gevonden.";
      }, function () { knop.hidden = false; dicht(); });
    }
    invoer.addEventListener("input", function (e) { e.stopPropagation(); zoek(); });
    invoer.addEventListener("change", function (e) { e.stopPropagation(); });
    invoer.addEventListener("blur", dicht);
    invoer.addEventListener("keydown", function (e) {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (lijst.hidden) { zoek(); return; }
        op = (op + (e.key === "ArrowDown" ? 1 : op < 0 ? 0 : -1) + uitkomst.length) % uitkomst.length;
        toon();
      } else if (e.key === "Enter" && knop.hidden) {
        e.preventDefault();
        if (uitkomst.length) kies(uitkomst[op < 0 ? 0 : op]);
      } else if (e.key === "Escape" && !lijst.hidden) {
        e.stopPropagation();
        dicht();
      }
    });
  }

  // --- een vraag met meer antwoorden: na het laatste vak komt er vanzelf weer een leeg
  function nogEen(e) {
    var vak = e.target, rij = vak.parentNode;
    if (!rij || !rij.matches || !rij.matches("[data-nogeen]") || !vak.value || vak !== rij.lastElementChild) return;
    var leeg = vak.cloneNode(false);
    leeg.value = "";
    leeg.removeAttribute("value");
    leeg.removeAttribute("id");
    leeg.setAttribute("aria-label", rij.dataset.nogeen);
    rij.append(leeg);
  }

  // --- aan de slag, ook met wat later op de bladzijde komt
  function begin() {
    document.querySelectorAll("[data-bijwerken]").forEach(function (knop) { knop.hidden = true; });
    document.querySelectorAll("fieldset[data-lijst]:not([data-klaar])").forEach(function (vak) { vak.dataset.klaar = "ja"; zoekvak(vak); });
    document.querySelectorAll("form").forEach(function (form) { if (form.querySelector("fieldset[data-als]")) bijwerken(form); });
  }
  function gewijzigd(e) { if (e.target.form && e.target.form.querySelector("fieldset[data-als]")) bijwerken(e.target.form); }
  document.addEventListener("change", gewijzigd);
  document.addEventListener("input", gewijzigd);
  document.addEventListener("input", nogEen);
  new MutationObserver(function (wijzigingen) {
    var nieuw = wijzigingen.some(function (w) {
      return Array.prototype.some.call(w.addedNodes, function (k) {
        return k.nodeType === 1 && (k.matches("[data-als],[data-lijst],[data-bijwerken]") || k.querySelector("[data-als],[data-lijst],[data-bijwerken]"));
      });
    });
    if (nieuw) begin();
  }).observe(document.body, { childList: true, subtree: true });
  begin();
})();
