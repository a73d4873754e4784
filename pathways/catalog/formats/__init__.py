"""The field's formats: CTDL, CTDL-ASN, CASE and RSD in, CTDL out."""
