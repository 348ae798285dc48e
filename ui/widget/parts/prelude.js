/*
 * A chat bubble for portals: one script tag, a custom element in a shadow root.
 *
 *   <script src="https://HOST/widget/congvu-widget.js" data-key="congvu_…" defer></script>
 *
 * Attributes of the script tag, or of <congvu-chat> itself where the script has `data-manual`:
 *   data-endpoint   address of the assistant; default: where the script comes from
 *   data-key        public key: scope ask only, bound to the origins of the portal
 *   data-title      title of the dialog
 *   data-lang       vi or en; default: the language of the page
 *   data-theme      auto (default), light or dark
 *   data-primary    #rrggbb of the portal; text on it and in it stays readable
 *   data-examples   suggested questions, separated by |
 *   data-timeout    seconds of silence after which a connection counts as cut; default 90
 *
 * Sets no cookies, stores nothing, loads nothing else, calls nobody but the endpoint.
 * The page's Content-Security-Policy needs: script-src HOST; connect-src HOST.
 */

const SCRIPT = document.currentScript;
const HOME = /^(.*)\/widget\/[^/]*$/.exec(SCRIPT ? SCRIPT.src : "")?.[1];
