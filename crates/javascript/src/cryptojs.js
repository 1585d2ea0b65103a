// What code nodes see of CryptoJS 3.1: hashes, keyed hashes, encodings. Bytes travel as hexadecimal text.
(function (native) {
  "use strict";

  class WordArray {
    constructor(hex) {
      Object.defineProperty(this, "hex", { value: hex, writable: true });
    }
    get sigBytes() {
      return this.hex.length / 2;
    }
    get words() {
      const words = [];
      for (let at = 0; at < this.hex.length; at += 8) {
        words.push(parseInt(this.hex.slice(at, at + 8).padEnd(8, "0"), 16) | 0);
      }
      return words;
    }
    concat(other) {
      this.hex += other.hex;
      return this;
    }
    clone() {
      return new WordArray(this.hex);
    }
    toString(encoder) {
      return (encoder || enc.Hex).stringify(this);
    }
  }

  function encoder(name) {
    return {
      parse: (text) => new WordArray(native.parse(name, text)),
      stringify: (bytes) => native.write(name, bytes.hex),
    };
  }

  const enc = {
    Base64: encoder("base64"),
    Hex: encoder("hex"),
    Latin1: encoder("latin1"),
    Utf8: encoder("utf8"),
  };

  function hexOf(input, name) {
    if (input instanceof WordArray) return input.hex;
    if (typeof input === "string") return native.parse("utf8", input);
    throw new TypeError("CryptoJS." + name + " takes text, not " + typeof input + ": use String(…)");
  }

  const CryptoJS = { enc, lib: { WordArray } };
  for (const name of ["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"]) {
    const hash = name.toLowerCase();
    const keyed = "Hmac" + name;
    CryptoJS[name] = (message) => new WordArray(native.digest(hash, hexOf(message, name)));
    CryptoJS[keyed] = (message, key) =>
      new WordArray(native.keyed(hash, hexOf(message, keyed), hexOf(key, keyed)));
  }
  return CryptoJS;
});
