"""What a notice that has come in brings, in words: rules by kind, findings, changes against the edition before."""

from collections import Counter

from pipeline.ingest import Ingested
from pipeline.language import Language, say
from pipeline.report.words import KINDS

_SHOWN = 20
"""Changes that are named one by one."""


def ingest_words(found: Ingested, language: Language | None = None) -> str:
    """A few lines."""
    counts: Counter[str] = Counter(rule.kind for rule in found.ruleset.rules)
    kinds = "、".join(f"{say(f'kind.{kind}', language)} {counts[kind]}" for kind in KINDS if counts[kind])
    lines = [say("ingest.stored", language, edition=f"{found.job.series}/{found.job.target.name}", rules=len(found.ruleset.rules), kinds=kinds)]
    lines += [f"· {finding.message}" for finding in found.ruleset.findings]
    if found.changes is None:
        return "\n".join([*lines, say("ingest.first", language)])
    changed = [(key, change) for key, change in found.changes.changes.items() if not change.folded]
    fresh, gone = sum(not change.old for _, change in changed), sum(not change.new for _, change in changed)
    lines.append(say("ingest.changes", language, previous=found.previous, changed=len(changed) - fresh - gone, fresh=fresh, gone=gone))
    for key, change in sorted(changed, key=lambda item: item[1].weight)[:_SHOWN]:
        labels = "、".join(say(f"change.{label}", language) for label in change.labels)
        lines.append(f"· {say(f'kind.{change.kind}', language)} {key.partition('/')[2]}：{labels}")
    series, year = str(found.job.series), found.job.target.name
    return "\n".join([*lines, say("ingest.compare", language, command=f"noticerules compare --series {series} {found.previous} {year}")])
