"""The draw protocol `ccc-draw/1`: values in, values out; no database, clock, randomness or web.

A draw goes through these functions, in this order:

    frame.ordered · parameters.allocation → commitment.commit → ledger.append(kind="seal", body=bodies.seal(…))
    entropy.admit for every outside value → entropy.in_plan_order → execution.execute → bodies.execution
    transcript.transcript → redaction / membership → transcript.issued → signatures.signed

Afterwards `replacement` finds who comes for whom. Refusals are in `errors`. Nothing here trusts its caller:
`execute` checks the commitment, the frame and the values again.
"""
