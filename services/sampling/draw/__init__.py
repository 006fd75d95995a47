"""The draw protocol `ccc-draw/1`: values in, values out; no database, clock, randomness or web.

A draw goes through these functions, in this order:

    frame.ordered · parameters.allocation → commitment.commit → ledger.append(kind="seal", body=bodies.seal(…))
    entropy.admit for every outside value → entropy.in_plan_order → execution.execute → bodies.execution
    transcript.transcript → redaction / membership → transcript.issued → signatures.signed

Afterwards `replacement` finds who comes for whom. Errors are in `errors`. Nothing here trusts its caller:
`execute` checks the commitment, the frame and the values again.

Where the protocol's text is silent, this is how it is read here and by both verifiers:

- §1 White space is the Unicode category Zs with U+2028 and U+2029; control characters and lone surrogates are no text.
  Identifiers are ordered by code point, the keys of canonical JSON by UTF-16 code unit: the two differ beyond U+FFFF.
- §2 One ledger serves all draws, so that a whole draw cannot vanish either; its entries bind their bodies by digest, so
  that a body can be withheld. A draw given up before its seal has no entry, because nothing was bound; it stays in the
  public list.
- §2 Only the latest attempt can be redrawn, and after a sealed draw was given up nothing but its redraw may be planned.
- §3 A weight is at most 1000: one hash each, so that no file can make its verifier hash for ever.
- §4 An allocation states every multiplier above 1 and floor above 0: without them nobody could recompute it.
- §5 `not_before` and `deadline` belong to their time; a fallback speaks after the deadline of the source before it, and the
  last of a chain has none. The commitment does not bind the exclusions: the seal's entry does.
- §7 Each unit's rank is bound by a tree over all tickets, whose root stands in the execution's entry (`membership`).
- §8 Before the embargo ends the redacted transcript has neither values nor seed: with them anyone could compute every
  ticket.
- §8 Taking a whole optional part (ledger, signature) away from an unsigned file leaves a true file that says less: the
  verifiers name the part as not checked.

Where it is wrong: §7 calls a set of tasks whose inspectors' total capacity is below their demand the proof that no teams
exist. One task of two places with one eligible inspector of capacity 5 has none either, though 5 ≥ 2. An inspector
therefore counts at most once for each of the tasks (`teams.Shortage`); then such a set exists exactly where no assignment
does.
"""
