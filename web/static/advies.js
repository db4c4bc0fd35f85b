// Bewaart het concept vanzelf en zet de check opnieuw neer, zonder de cursor te verplaatsen. Wat nog niet bij de server
// is, staat versleuteld op dit toestel (kluis.js). Zonder script doen de knoppen hetzelfde. Besluit 0043.
(function () {
  "use strict";
  var f = document.getElementById("adviesformulier");
  if (!f || !window.fetch || !window.FormData) return;
  // Hoogstens zo vaak een nieuwe versie bij wie doortypt; zonder kluis vaker, want dan ligt de tekst nergens anders.
  var STIL = 2000, TUSSEN = 30000, ZONDER_KLUIS = 5000, WEG = 4000, KLAD = 400, NIET = ["csrf", "rij-erbij", "rij-weg", "actie"];
  var stand = document.getElementById("bewaarstand"), melding = document.getElementById("bewaarmelding");
  var teller = 0, bewaardTot = 0, laatst = 0, vanaf = 0, wekker = 0, kladwekker = 0, pogingen = 0;
  var bezig = false, gestopt = false, straks = null, heen = null, kluis = null, keuzes = {};

  function versie() { return f.elements.versie; }

  // Wat er op het scherm staat; bij een open keuze wat de server al heeft, want daarover is nog niet beslist.
  function paren(metHier) {
    var uit = [];
    new FormData(f).forEach(function (waarde, naam) {
      if (typeof waarde !== "string" || NIET.indexOf(naam) >= 0 || (!metHier && keuzes[naam])) return;
      uit.push([naam, waarde]);
    });
    if (!metHier) Object.keys(keuzes).forEach(function (naam) {
      keuzes[naam].forEach(function (waarde) { uit.push([naam, waarde]); });
    });
    return uit;
  }

  function stuur(lijst, blijft) {
    return fetch(f.getAttribute("action"), {
      method: "POST", credentials: "same-origin", redirect: "manual", keepalive: !!blijft,
      headers: { Accept: "application/json" },
      body: new URLSearchParams([["csrf", f.elements.csrf.value]].concat(lijst))
    });
  }

  function zeg(tekst) { if (melding.textContent !== tekst) melding.textContent = tekst; melding.className = tekst ? "hmp-breed hmp-melding hmp-melding--letop" : "hmp-breed"; }

  function veilig() { return kluis ? " Uw tekst staat veilig op dit apparaat." : " Sluit deze bladzijde niet."; }

  function plan(ms) { clearTimeout(wekker); wekker = setTimeout(bewaar, ms); }

  function legWeg() {
    clearTimeout(kladwekker);
    if (!kluis || teller <= bewaardTot) return;
    kluis.zet({ versie: versie().value, paren: paren(true) }).then(function (ligt) {
      if (ligt || gestopt) return;
      kluis = null; // het apparaat is vol: dan vaker naar de server, en de bladzijde waarschuwt bij sluiten
      stand.textContent = "Nog niet bewaard.";
      plan(pogingen ? 5000 : wanneer(STIL));
    });
  }

  function klad() {
    clearTimeout(kladwekker);
    kladwekker = setTimeout(legWeg, KLAD);
  }

  // Een pauze, maar wie doortypt wacht niet eeuwig: de laatste keer plus de tussentijd is het uiterste.
  function wanneer(pauze) {
    var nu = Date.now(), eerst = laatst + (kluis ? TUSSEN : ZONDER_KLUIS) - nu;
    return Math.max(eerst, Math.min(pauze, vanaf + TUSSEN - nu), 0);
  }

  function veranderd() {
    if (gestopt) return;
    if (teller === bewaardTot) vanaf = Date.now();
    teller++;
    stand.textContent = kluis && !pogingen ? "Uw tekst staat op dit apparaat. Zo meteen bewaren wij hem." : "Nog niet bewaard.";
    klad();
    // Na een mislukte poging begint het wachten niet bij elke toets opnieuw: wie doortypt, kwam anders nooit aan de beurt.
    plan(pogingen ? Math.max(0, laatst + Math.min(5000 * pogingen, TUSSEN) - Date.now()) : wanneer(STIL));
  }

  function bewaar(blijft) {
    clearTimeout(wekker);
    if (gestopt || bezig || teller <= bewaardTot) return;
    bezig = true;
    var tot = teller, beurt = paren(false);
    if (!blijft) stand.textContent = "Bezig met bewaren.";
    stuur(beurt, blijft === true).then(function (antwoord) {
      var json = (antwoord.headers.get("content-type") || "").indexOf("json") >= 0;
      if (antwoord.type === "opaqueredirect" || (antwoord.status === 403 && !json)) return uitgelogd();
      if (!json) return mislukt();
      return antwoord.json().then(function (gelezen) { verwerk(gelezen, tot); });
    }).catch(mislukt).then(function () {
      bezig = false;
      laatst = Date.now();
      if (straks) { var knop = straks; straks = null; verstuur(knop); return; }
      if (heen && pogingen === 0 && teller > bewaardTot) { bewaar(); return; }
      if (heen) { ga(); return; }
      if (!gestopt && pogingen === 0 && teller > bewaardTot) plan(wanneer(STIL));
    });
  }

  // Wie een link volgt, neemt niets mee dat nog niet bewaard is; lukt het niet, dan ligt het in de kluis.
  function ga() {
    var adres = heen;
    heen = null;
    if (adres) location.assign(adres);
  }

  function uitgelogd() {
    pogingen++;
    stand.textContent = "Nog niet bewaard.";
    zeg("Nog niet bewaard: u bent uitgelogd." + veilig() + " Log opnieuw in, dan gaat u verder waar u was.");
  }

  function mislukt() {
    pogingen++;
    stand.textContent = "Nog niet bewaard.";
    zeg("Nog niet bewaard: geen verbinding." + veilig());
    plan(Math.min(5000 * pogingen, TUSSEN));
  }

  function verwerk(gelezen, tot) {
    if (gelezen.stand === "dicht") {
      gestopt = true;
      zeg("Dit advies is niet meer te bewerken. Ververs de bladzijde om het te lezen.");
      return;
    }
    if (gelezen.stand === "opnieuw") { straks = straks || "gewoon"; return; }
    if (gelezen.stand !== "bewaard") {
      pogingen++;
      zeg("Nog niet bewaard. " + (gelezen.zinnen || []).join(" ") + veilig());
      return;
    }
    pogingen = 0;
    bewaardTot = tot;
    versie().value = gelezen.versie;
    stand.textContent = gelezen.zin;
    if (kluis && teller === tot && !gelezen.onleesbaar.length && !gelezen.keuzes.length) kluis.weg();
    Object.keys(gelezen.anders).forEach(function (naam) { zet(naam, gelezen.anders[naam]); });
    gelezen.keuzes.forEach(vraagKeuze);
    Object.keys(gelezen.voorstellen).forEach(function (code) { nieuweVoorstellen(code, gelezen.voorstellen[code]); });
    zetNeer(gelezen.paneel);
    var zinnen = gelezen.onleesbaar.map(function (o) { return "“" + o.label + "” is nog niet bewaard: " + o.tekst; });
    if (gelezen.keuzes.length) zinnen.push("Op een ander scherm schreef u iets anders. Kies bij de vraag welke tekst blijft.");
    zeg(zinnen.join(" "));
  }

  // De server stuurt het hele paneel; een stuk waar de cursor in staat, blijft tot de volgende keer.
  function zetNeer(html) {
    var nieuw = new DOMParser().parseFromString(html, "text/html");
    ["paneel-check", "paneel-inhoud", "paneel-slot"].forEach(function (id) {
      var oud = document.getElementById(id), stuk = nieuw.getElementById(id);
      if (!oud || !stuk || oud.contains(document.activeElement)) return;
      var open = oud.querySelector("details[open]");
      if (open && stuk.querySelector("details")) stuk.querySelector("details").open = true;
      oud.replaceWith(document.adoptNode(stuk));
    });
    // Wat de check niet meer noemt, staat ook niet meer bij het veld.
    var genoemd = Array.from(nieuw.querySelectorAll("a[href^='#']"), function (a) { return a.getAttribute("href").slice(1); });
    f.querySelectorAll("[id$='-fout']").forEach(function (e) { e.hidden = genoemd.indexOf(e.id.slice(0, -5)) < 0; });
  }

  // Wat net getypt is, is meteen te kiezen, ook in een eis die er nog bij komt.
  function nieuweVoorstellen(code, teksten) {
    var mal = document.getElementById("eis-leeg"), lijsten = Array.from(document.querySelectorAll("datalist"));
    if (mal) lijsten = lijsten.concat(Array.from(mal.content.querySelectorAll("datalist")));
    var vakken = Array.from(document.querySelectorAll("[data-doel]")).concat(mal ? Array.from(mal.content.querySelectorAll("[data-doel]")) : []);
    vakken.forEach(function (vak) {
      if (!vak.id.endsWith("-" + code)) return;
      var staat = Array.from(vak.querySelectorAll("input[type=radio]"), function (e) { return e.value; });
      var eigen = vak.querySelector("input[type=radio][value='']").closest("label");
      teksten.slice(0, Number(vak.dataset.doel)).forEach(function (t) {
        if (staat.indexOf(t) >= 0) return;
        var nieuw = eigen.cloneNode(true), rondje = nieuw.querySelector("input");
        rondje.value = t;
        rondje.checked = false;
        nieuw.lastChild.textContent = t;
        eigen.before(nieuw);
      });
    });
    lijsten.forEach(function (lijst) {
      if (!lijst.id.endsWith("-" + code + "-voorstellen")) return;
      lijst.replaceChildren.apply(lijst, teksten.map(function (t) { var o = document.createElement("option"); o.value = t; return o; }));
    });
  }

  function zet(naam, waarden) {
    var velden = Array.from(f.elements).filter(function (e) { return e.name === naam; });
    var rondjes = velden.filter(function (e) { return e.type === "radio"; });
    var gekozen = rondjes.some(function (e) { return e.value && waarden.indexOf(e.value) >= 0; });
    velden.forEach(function (e, n) {
      if (e.type === "radio" && !e.value) e.checked = !gekozen && Boolean(waarden[0]);
      else if (e.type === "radio" || e.type === "checkbox") e.checked = waarden.indexOf(e.value) >= 0;
      else if (rondjes.length) e.value = gekozen ? "" : waarden[0] || "";
      else if (e !== document.activeElement) e.value = waarden[n] || "";
    });
  }

  function maak(soort, klas, tekst) {
    var e = document.createElement(soort);
    if (klas) e.className = klas;
    if (tekst) e.textContent = tekst;
    return e;
  }

  function vraagKeuze(k) {
    if (keuzes[k.naam]) { keuzes[k.naam] = k.daar; return; }
    var veld = Array.from(f.elements).filter(function (e) { return e.name === k.naam; })[0];
    if (!veld) return;
    keuzes[k.naam] = k.daar;
    var vak = maak("div", "hmp-melding hmp-melding--letop"), binnen = maak("div", "hmp-stapel");
    vak.setAttribute("role", "group");
    vak.setAttribute("aria-label", "Twee teksten bij " + k.label);
    binnen.append(maak("p", "", "Op een ander scherm schreef u: “" + (k.leesbaar || "leeg") + "”"));
    var hier = maak("button", "hmp-knop hmp-knop--rand", "Houd wat hier staat");
    var daar = maak("button", "hmp-knop hmp-knop--rand", "Neem de andere tekst");
    [[hier, false], [daar, true]].forEach(function (paar) {
      paar[0].type = "button";
      paar[0].addEventListener("click", function () {
        var ander = keuzes[k.naam];
        delete keuzes[k.naam];
        vak.remove();
        if (paar[1]) zet(k.naam, ander);
        veld.focus();
        veranderd();
      });
    });
    var knoppen = maak("p", "hmp-naast");
    knoppen.append(hier, daar);
    binnen.append(knoppen);
    vak.append(binnen);
    (veld.closest(".hmp-veld") || veld.parentNode).append(vak);
  }

  // Een lege eis erbij zonder de bladzijde te verversen, met de cursor erin.
  function eisErbij() {
    var mal = document.getElementById("eis-leeg");
    if (!mal || !mal.content.firstElementChild) return false;
    var hoogst = -1;
    f.querySelectorAll("[data-eis]").forEach(function (e) { hoogst = Math.max(hoogst, Number(e.dataset.eis.split(".")[1]) || 0); });
    var rij = mal.content.firstElementChild.cloneNode(true), oud = rij.dataset.eis, nieuw = "eis." + (hoogst + 1);
    var oudId = oud.replace(".", "-"), nieuwId = nieuw.replace(".", "-");
    rij.dataset.eis = nieuw;
    rij.id = nieuwId;
    rij.querySelector("legend h3").textContent = "Eis " + (hoogst + 2);
    rij.querySelectorAll("*").forEach(function (e) {
      ["name", "id", "for", "list", "aria-describedby", "aria-labelledby"].forEach(function (a) {
        var w = e.getAttribute(a);
        if (w) e.setAttribute(a, w.split(oud + ".").join(nieuw + ".").split(oudId + "-").join(nieuwId + "-"));
      });
    });
    document.getElementById("eis-erbij").before(rij);
    rij.querySelector("textarea, input").focus();
    return true;
  }

  function verstuur(knop) {
    gestopt = true;
    heen = null; // een knop gaat voor een link die nog wachtte: anders brak die het versturen af
    clearTimeout(wekker);
    if (knop === "gewoon") HTMLFormElement.prototype.submit.call(f);
    else f.requestSubmit(knop);
  }

  // Wat hier nog lag van een vorige keer, gaat alsnog naar de server en komt zo weer op het scherm.
  function ligtErNogIets() {
    return kluis.alle().then(function (stukken) {
      var opnieuw = false;
      return stukken.reduce(function (keten, stuk) {
        return keten.then(function (verder) {
          if (!verder || teller > 0) return false;
          return stuurOud(stuk).then(function (uitkomst) {
            opnieuw = opnieuw || uitkomst === "nieuw";
            return uitkomst !== "stop";
          });
        });
      }, Promise.resolve(true)).then(function (klaar) {
        if (!klaar || !opnieuw) return;
        sessionStorage.setItem("hmp-terug", "1");
        location.reload();
      });
    }).catch(function () {});
  }

  function stuurOud(stuk) {
    var oud = stuk.inhoud, rest = oud.paren.filter(function (p) { return p[0] !== "versie"; });
    return stuur([["versie", oud.versie]].concat(rest)).then(function (antwoord) {
      if ((antwoord.headers.get("content-type") || "").indexOf("json") < 0) return null;
      return antwoord.json();
    }).then(function (gelezen) {
      if (!gelezen || (gelezen.stand !== "bewaard" && gelezen.stand !== "opnieuw")) return "stop";
      if (kluis) kluis.weg(stuk.plek);
      if (gelezen.stand === "bewaard" && !gelezen.keuzes.length && !gelezen.onleesbaar.length) {
        return gelezen.versie === versie().value ? "zelfde" : "nieuw";
      }
      // Kiezen doet de schrijver op de bladzijde die de server maakt.
      var los = maak("form");
      los.method = "post";
      los.action = f.getAttribute("action");
      [["csrf", f.elements.csrf.value], ["versie", oud.versie], ["actie", "bewaar"]].concat(rest).forEach(function (p) {
        var e = maak("input");
        e.type = "hidden";
        e.name = p[0];
        e.value = p[1];
        los.append(e);
      });
      gestopt = true;
      document.body.append(los);
      los.submit();
      return "stop";
    });
  }

  f.addEventListener("input", veranderd);
  f.addEventListener("change", function () { if (teller > bewaardTot && pogingen === 0) plan(wanneer(300)); });
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a[href]");
    if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || link.target) return;
    if (gestopt || pogingen || !kluis || teller <= bewaardTot || link.getAttribute("href").charAt(0) === "#") return;
    e.preventDefault();
    heen = link.href;
    legWeg();
    setTimeout(ga, WEG);
    bewaar();
  });
  f.addEventListener("submit", function (e) {
    var knop = e.submitter;
    if (knop && knop.name === "rij-erbij" && knop.value === "eis" && eisErbij()) { e.preventDefault(); return; }
    heen = null;
    if (bezig) { e.preventDefault(); straks = knop || "gewoon"; return; }
    gestopt = true;
    clearTimeout(wekker);
    // Komt het formulier niet aan, dan ligt de tekst hier nog. Een eis die weg mag, komt niet terug.
    if (!kluis) return;
    if (knop && knop.name === "rij-weg") { clearTimeout(kladwekker); kluis.weg(); } else legWeg();
  });
  function verlaten() { if (gestopt) return; legWeg(); bewaar(true); }
  document.addEventListener("visibilitychange", function () { if (document.hidden) verlaten(); });
  window.addEventListener("pagehide", verlaten);
  window.addEventListener("online", function () { if (teller > bewaardTot) plan(100); });
  window.addEventListener("beforeunload", function (e) { if (!gestopt && !kluis && teller > bewaardTot) e.preventDefault(); });

  if (sessionStorage.getItem("hmp-terug")) {
    sessionStorage.removeItem("hmp-terug");
    zeg("Wat u eerder typte en nog niet bewaard was, staat er weer.");
  }
  if (location.hash === "#eis-nieuw") {
    var eerste = f.querySelector("#eis-nieuw textarea");
    if (eerste) eerste.focus();
  }
  (window.hmpKluis ? window.hmpKluis(f.dataset.sleutel, f.dataset.advies) : Promise.resolve(null)).then(function (open) {
    kluis = open;
    if (kluis && !f.dataset.opnieuw) ligtErNogIets();
  });
})();
