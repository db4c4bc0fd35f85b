// Waarschuwt twee minuten voordat de sessie voorbij is, en verlengt haar als iemand dat wil of aan het typen is.
// Gaat de sessie toch voorbij, dan gaat wat er getypt is naar de server (versleuteld, alleen voor deze persoon) en gaat
// de bladzijde dicht. Zonder dit script staat op de bladzijde tot hoe laat iemand is ingelogd.
(function () {
  "use strict";
  var balk = document.getElementById("sessie");
  var dialoog = document.getElementById("sessie-dialoog");
  if (!balk || !dialoog || !dialoog.showModal) return;
  var LET_OP = 120, ZEG = [120, 60, 30, 10, 0], TYPEN = 5 * 60;
  var csrf = balk.querySelector("input[name=csrf]").value;
  var tekst = document.getElementById("sessie-tekst");
  var stand = document.getElementById("sessie-stand");
  var einde = Date.now() + Number(balk.dataset.over) * 1000;
  var verlengd = Date.now(), wekker = 0, getypt = [], klaar = false;

  function over() { return Math.round((einde - Date.now()) / 1000); }

  function zet(seconden) { einde = Date.now() + seconden * 1000; }

  function wacht(seconden) {
    clearTimeout(wekker);
    wekker = setTimeout(kijk, Math.max(seconden, 1) * 1000);
  }

  function stuur(adres, velden) {
    return fetch(adres, {
      method: "POST", credentials: "same-origin", headers: { Accept: "application/json" },
      body: new URLSearchParams(velden)
    });
  }

  function kijk() {
    if (klaar) return;
    if (over() > LET_OP) { wacht(Math.min(over() - LET_OP, 60)); return; }
    // Misschien is er in een ander tabblad nog gewerkt.
    fetch("/sessie/over", { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (antwoord) { return antwoord.json(); })
      .then(function (gelezen) { zet(gelezen.over); }, function () {})
      .then(toon);
  }

  function toon() {
    var nog = over();
    if (nog > LET_OP + 2) { sluit(); wacht(nog - LET_OP); return; }
    if (nog <= 0) { voorbij(); return; }
    zeg(nog);
    if (!dialoog.open) dialoog.showModal();
    var straks = ZEG.filter(function (s) { return s < nog; })[0];
    wacht(nog - straks);
  }

  function zeg(nog) {
    var minuten = Math.round(nog / 60);
    var tijd = nog > 45 ? minuten + (minuten === 1 ? " minuut" : " minuten") : nog + " seconden";
    tekst.textContent = "Over " + tijd + " loggen wij u uit. Wat u typte, bewaren wij.";
  }

  function sluit() { if (dialoog.open) dialoog.close(); }

  function blijf() {
    stuur("/sessie/verleng", { csrf: csrf }).then(function (antwoord) {
      if (!antwoord.ok) { voorbij(); return null; }
      return antwoord.json();
    }).then(function (gelezen) {
      if (!gelezen) return;
      zet(gelezen.over);
      verlengd = Date.now();
      sluit();
      stand.textContent = "U bent ingelogd tot " + gelezen.tot + ".";
      wacht(gelezen.over - LET_OP);
    }, function () { tekst.textContent = "Wij kunnen de server niet bereiken. Kijk of u internet hebt."; });
  }

  function doelVan(formulier) { return new URL(formulier.getAttribute("action") || "", location.href).pathname; }

  function voorbij() {
    if (klaar) return;
    klaar = true;
    clearTimeout(wekker);
    Promise.all(getypt.filter(function (f) { return f.isConnected; }).map(function (formulier) {
      var velden = [];
      new FormData(formulier).forEach(function (waarde, naam) {
        if (typeof waarde === "string") velden.push([naam, waarde]);
      });
      velden.push(["_doel", doelVan(formulier)], ["_pagina", location.pathname]);
      return stuur("/sessie/bewaar", velden).then(function (a) { return a.json(); }).then(
        function (gelezen) { return gelezen.bewaard === true; });
    })).then(function (bewaard) {
      var reden = bewaard.indexOf(true) >= 0 ? "bewaard" : "stil";
      location.assign("/inloggen?" + new URLSearchParams({ volgende: location.pathname, reden: reden }));
    }, function () {
      // Bewaren lukte niet: dan blijft de bladzijde staan, want anders is de tekst weg.
      tekst.textContent = "U bent uitgelogd. Kopieer wat u typte, en log dan opnieuw in.";
      if (!dialoog.open) dialoog.showModal();
    });
  }

  document.addEventListener("input", function (gebeurtenis) {
    var formulier = gebeurtenis.target.form;
    if (formulier && formulier.method === "post" && getypt.indexOf(formulier) < 0) getypt.push(formulier);
    // Wie typt, is er nog.
    if (Date.now() - verlengd > TYPEN * 1000 && !dialoog.open) { verlengd = Date.now(); blijf(); }
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) kijk(); });
  dialoog.addEventListener("cancel", function (gebeurtenis) { gebeurtenis.preventDefault(); blijf(); });
  document.getElementById("sessie-blijf").addEventListener("click", blijf);
  balk.querySelector("form").addEventListener("submit", function (gebeurtenis) { gebeurtenis.preventDefault(); blijf(); });
  // Zonder nieuw tabblad: het script verlengt op deze bladzijde.
  balk.querySelector("form").removeAttribute("target");
  var erbij = balk.querySelector("[data-zonder-script]");
  if (erbij) erbij.remove();
  wacht(over() - LET_OP);
})();
