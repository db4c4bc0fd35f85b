// Stuurt een formulier dat de server klaarzette vanzelf door. Zonder script drukt u zelf op de knop.
(function () {
  "use strict";
  var formulier = document.querySelector("form[data-vanzelf]");
  if (formulier) formulier.submit();
})();
