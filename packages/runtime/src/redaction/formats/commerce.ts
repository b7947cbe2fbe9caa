import type { Format } from '../format-detector.ts';

/** Payment, shops, shipping and money. */
export const commerceFormats: readonly Format[] = [
  ['stripe-key', '{sk|rk}_{live|test|prod}_<w16+>'],
  ['stripe-webhook-secret', 'whsec_<b32+>'],
  ['square-token', 'EAAA<u60>'],
  ['square-token', 'sq0{atp|csp|idp}-<u22-60>'],
  ['paypal-token', 'access_token$production$<a16>$<h32>'],
  ['braintree-token', 'access_token$sandbox$<a16>$<h32>'],
  ['plaid-token', 'access-{sandbox|development|production}-<uuid>'],
  ['shopify-token', 'shp{at|ca|pa|ss|ua|tka|rt}_<x32+>'],
  ['razorpay-key', 'rzp_{live|test}_<w14>'],
  ['flutterwave-key', 'FLW{SECK|PUBK}_TEST-<x12>'],
  ['flutterwave-key', 'FLWSECK{_TEST|}-<a32>-X'],
  ['paystack-key', 'sk_{live|test}_<h40>'],
  ['mollie-key', '{live|test}_<w30>'],
  ['lob-key', '{live|test}_<h35>'],
  ['lob-key', '{live|test}_pub_<h31>'],
  ['shippo-token', 'shippo_{live|test}_<x40>'],
  ['easypost-key', 'EZ{AK|TK}<w54>'],
  ['duffel-token', 'duffel_{live|test}_<u43>'],
  ['paddle-key', 'pdl_{live|sdbx}_apikey_<a26>_<w22>_<w3>'],
  ['polar-token', 'polar_{pat|oat|at|rt|cs|whs}_<w20+>'],
  ['bitcoin-key', '{xprv|yprv|zprv|tprv}<w107-108>'],
];
