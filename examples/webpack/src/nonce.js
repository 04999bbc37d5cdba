// webpack gives this nonce to the scripts by which it loads the parts of the panel.
__webpack_nonce__ = document.currentScript.nonce;
