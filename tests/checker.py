"""Works derivations out again, each from nothing but itself, and says where the engine is wrong.

    northstar evaluate --policy rule.json --evidence judgements.csv -o json | python3 tests/checker.py

Reads derivations, one JSON document a line, or what `northstar evaluate` or `northstar explain` say
with `-o json`. Shares no code with the engine: numbers are fractions of any length, and logarithms
have 50 digits. What the fields mean is written beside the engine's `derivation_json`; `steps` are for
people, and not read.
"""

import functools
import hashlib
import json
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 50
getattr(sys, "set_int_max_str_digits", id)(0)  # exact averages of many values are long
DAY_MICROS, MILLIONTH, SMALLEST_CHANCE = 86_400_000_000, Fraction(1, 10**6), Fraction(1, 10**14)
ln = functools.lru_cache(None)(lambda number: Decimal(number).ln())


def rounded(number, step):
    """To the nearest multiple of step, halves away from zero."""
    size = (abs(Fraction(number)) / step + Fraction(1, 2)) // 1 * step
    return size if number >= 0 else -size


def hash_of(document):
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def mean(values):
    return Fraction(sum(values), len(values))


def median(values):
    half = len(values) // 2
    return mean(sorted(values)[len(values) - half - 1 : half + 1])


def times_at_mastery(values, mastery_milli, times):
    reached = [value for value in values if value >= mastery_milli]
    return mean(reached) if len(reached) >= times else None


def m_of_last(values, m, n):
    last = sorted(values[-n:], reverse=True)
    return last[m - 1] if len(last) >= m else None


def weighted_average(values, newest_weight_percent):
    weight = Fraction(newest_weight_percent, 100)
    return values[-1] * weight + mean(values[:-1] or values) * (1 - weight)


def decaying_average(values, newest_weight_percent):
    weight = Fraction(newest_weight_percent, 100)
    return functools.reduce(lambda held, value: held * (1 - weight) + value * weight, values)


def bayesian(values, learned_ppb, learn_ppb, forget_ppb, guess_ppb, slip_ppb, right_at_milli):
    chances = (learned_ppb, learn_ppb, forget_ppb, guess_ppb, slip_ppb)
    learned, learn, forget, guess, slip = (Fraction(parts, 10**9) for parts in chances)
    for right in (value >= right_at_milli for value in values):
        able = learned * (1 - slip if right else slip)
        every = able + (1 - learned) * (guess if right else 1 - guess)
        seen = rounded(able / every, SMALLEST_CHANCE) if every else learned
        learned = rounded(seen * (1 - forget) + (1 - seen) * learn, SMALLEST_CHANCE)
    return learned * 1000


def khan(values, kinds, mixed_kinds, right_at_milli):
    level = 0  # 1 attempted, 2 familiar, 3 proficient, 4 mastered
    for value, kind in zip(values, kinds):
        if kind not in mixed_kinds:
            level = 1 if value < 700 else 2 if value < 1000 else max(level, 3)
        else:
            level = min(max(level + 1, 2), 4) if value >= right_at_milli else max(level - 1, 1)
    return level * 1000


def average(values):
    """Like the two that follow, a curve through the values at 1, 2, 3 and so on."""
    return lambda x: mean(values)


def line(values):
    middle, square = Fraction(len(values) + 1, 2), len(values) * (len(values) ** 2 - 1)
    product = sum((x - middle) * value for x, value in enumerate(values, 1))
    return lambda x: mean(values) + (x - middle) * product * 12 / (square or 1)


def power(values):
    """Its values are decimals, and so in doubt. None if a value has no logarithm."""
    if min(values) <= 0:
        return None
    places, heights = [ln(x) for x in range(1, len(values) + 1)], [ln(value) for value in values]
    middle, height = sum(places) / len(places), sum(heights) / len(places)
    square = sum((x - middle) ** 2 for x in places)
    product = sum((x - middle) * (y - height) for x, y in zip(places, heights))
    slope = product / square if square else 0
    return lambda x: min((height + slope * (ln(x) - middle)).exp(), Decimal(2**64))


def power_law(values):
    if len(values) <= 2:
        return values[-1] if min(values) > 0 else None
    return power(values)(len(values)) if min(values) > 0 else None


def best_fit(values, by):
    """Errors are counted in millionths; what rounding alone can make is a tie, and the simpler's."""
    ahead, best = by == "one_step_ahead", None
    for model in (average, line, power):
        if curve := model(values):
            error = places = 0
            for x, value in enumerate(values, 1):
                if not ahead or x > 2:
                    forecast = (model(values[: x - 1]) if ahead else curve)(x)
                    error += abs(value - rounded(forecast, MILLIONTH))
                    places += MILLIONTH
            if best is None or error + places < best[0]:
                best = (error, curve(len(values)))
    return best[1]


METHODS = {
    "highest": max,
    "latest": lambda values: values[-1],
    "mean": mean,
    "median": median,
    "mode": lambda values: max(reversed(values), key=values.count),
    "mean_of_top": lambda values, count: mean(sorted(values)[-count:]),
    "mean_of_recent": lambda values, count: mean(values[-count:]),
    "median_of_recent": lambda values, count: median(values[-count:]),
    "times_at_mastery": times_at_mastery,
    "m_of_last": m_of_last,
    "in_a_row": lambda values, count: min(values[-count:]) if len(values) >= count else None,
    "weighted_average": weighted_average,
    "decaying_average": decaying_average,
    "linear_trend": lambda values: line(values[-10_000:])(len(values[-10_000:])),
    "power_law": lambda values: power_law(values[-10_000:]),
    "best_fit": lambda values, by: best_fit(values[-10_000:], by),
    "bayesian": bayesian,
    "khan": khan,
    "points": lambda values, per_mark_milli, cap_milli: min(
        per_mark_milli * len(values) or sum(values), cap_milli
    ),
}


def exact(policy, used, claimed):
    """The method's value. Logarithms are rounded to millionths, and may be off by 10^-14 of their
    size before that: the claimed value is taken if it is within that."""
    parameters = dict(policy["method"])
    if policy["method"]["name"] == "khan":
        parameters["kinds"] = [seen["kind"] for seen in used]
    if policy["method"]["name"] == "times_at_mastery":
        parameters["mastery_milli"] = policy["mastery_milli"]
    value = METHODS[parameters.pop("name")]([seen["value_milli"] for seen in used], **parameters)
    if isinstance(value, Decimal):
        value = Fraction(value)
        near = claimed and abs(Fraction(claimed) - value) <= MILLIONTH / 2 + value / 10**14
        return Fraction(claimed) if near else rounded(value, MILLIONTH)
    return value


def left_out(policy, seen, at):
    """Why an observation does not count; None if it does."""
    if seen["observed_at_micros"] > at:
        return "not_yet"
    if seen["role"] in policy["excluded_roles"]:
        return "role_excluded"
    if policy["validated_only"] and not seen["validated"]:
        return "not_validated"
    lifetime = policy["expires_after_days"] * DAY_MICROS
    return "expired" if 0 < lifetime <= at - seen["observed_at_micros"] else None


def minimums(policy, used):
    had = {
        "observation": len(used),
        "assessor": len({seen["assessor"] for seen in used}),
        "kind": len({seen["kind"] for seen in used}),
    }
    return [{"what": w, "needed": policy[f"minimum_{w}s"], "had": had[w]} for w in had]


def standing(policy, value, anything):
    if value is None:
        return "not_enough_evidence" if anything else "not_observed"
    if 0 < policy["exceeds_milli"] <= value:
        return "exceeds"
    return "at_mastery" if value >= policy["mastery_milli"] else "below_mastery"


def held(policy, used, given):
    """What is shown, the number of observations it is worked out from, and the exact value."""
    best = (None, 0, "")
    for length in range(1 if policy["monotone"] else len(used), len(used) + 1):
        first = used[:length]
        if all(minimum["had"] >= minimum["needed"] for minimum in minimums(policy, first)):
            claimed = given["exact"] if length == given["of_first"] else ""
            value = exact(policy, first, claimed)
            if value is not None:
                shown = int(rounded(value, policy["round_to_milli"]))
                shown = max(-(2**63), min(shown, 2**63 - 1))
                if best[0] is None or shown >= best[0]:
                    best = (shown, length, str(value))
    return best


def follow(given):
    """The fields that follow from the policy, the scale, the instant and the observations."""
    policy, at = given["policy"], given["at_micros"]
    seen = {seen["evidence"]: seen for seen in given["used"] + given["left_out"]}
    why = {evidence: left_out(policy, seen[evidence], at) for evidence in sorted(seen)}
    used = [evidence for evidence in why if not why[evidence]]
    used.sort(key=lambda evidence: seen[evidence][policy["order"] + "_at_micros"])
    others = [(evidence, why[evidence]) for evidence in why if why[evidence]]
    others.sort(key=lambda other: seen[other[0]]["observed_at_micros"])
    counted = [seen[evidence] for evidence in used]
    value, of_first, fraction = held(policy, counted, given)
    return {
        "policy_hash": hash_of(policy),
        "used": used,
        "left_out": others,
        "minimums": minimums(policy, counted),
        "of_first": of_first,
        "exact": fraction,
        "value_milli": value or 0,
        "level": sum(score <= value for score in given["scale"]) if of_first else 0,
        "standing": standing(policy, value, any(w != "not_yet" for w in why.values())),
        "provisional": of_first > 0 and not any(one["validated"] for one in counted[:of_first]),
    }


def wrong(given):
    """All that a derivation says and that does not follow."""
    if given.get("policy", given)["engine"] != 1:
        raise ValueError("this checks engine 1")
    if "rollup_hash" in given:
        yield from wrong_of_rollup(given)
        return
    said = dict(given, used=[seen["evidence"] for seen in given["used"]])
    said["left_out"] = [(seen["evidence"], seen["why"]) for seen in given["left_out"]]
    for field, right in follow(given).items():
        if said[field] != right:
            yield f"{field} is {right}, not {said[field]}"


MISSED, OPEN, REACHED = range(3)


def single(part):
    """Like a group: its verdict (None if it does not count), its value, whether anything is known,
    and whether something waits for a second person."""
    if part["retired"]:
        return None, None, False, False
    standing, value = part["read"]["standing"], part["read"].get("value_milli")
    if part["test"] == "mastery":
        of = {"below_mastery": MISSED, "at_mastery": REACHED, "exceeds": REACHED}
        verdict = of.get(standing, OPEN)
    elif value is None:
        verdict = OPEN
    else:
        bar = part["milli"]
        holds = {"gte": value >= bar, "lte": value <= bar, "eq": value == bar}[part["test"]]
        verdict = REACHED if holds else MISSED
    known = value is not None or standing != "not_observed"
    return verdict, None if verdict == OPEN else value, known, part["read"]["provisional"]


def group(rule, judged, step):
    counting = [(part, one[0], one[1]) for part, one in judged if one[0] is not None]
    verdicts = [verdict for _, verdict, _ in counting]
    values = sorted((value for *_, value in counting if value is not None), reverse=True)
    lowest = values[-1] if len(values) == len(counting) > 0 else None

    def share(name, wanted):
        return sum(part.get(name, 1) for part, verdict, _ in counting if verdict in wanted)

    def enough(name, needed):
        """Open where retired parts leave too little for anybody."""
        if share(name, [REACHED]) >= needed:
            return REACHED
        within = share(name, [REACHED, OPEN]) >= needed
        return OPEN if within or share(name, [MISSED, OPEN, REACHED]) < needed else MISSED

    if not counting:
        verdict, value = None, None
    elif rule["kind"] == "all":
        verdict, value = min(verdicts), lowest
    elif rule["kind"] == "any":
        verdict, value = max(verdicts), max(values, default=None)
    elif rule["kind"] == "at_least":
        verdict, value = enough("", rule["k"]), dict(enumerate(values, 1)).get(rule["k"])
    elif rule["kind"] == "minimum":
        low = any(value < rule["mastery_milli"] for value in values)
        verdict, value = MISSED if low else OPEN if lowest is None else REACHED, lowest
    elif rule["kind"] == "points":
        value, verdict = share("points", [REACHED]) * 1000, enough("points", rule["needed"])
        required = min((one for part, one, _ in counting if part["required"]), default=REACHED)
        if share("points", [MISSED, OPEN, REACHED]) >= rule["needed"]:
            verdict = min(verdict, required)
    elif rule["kind"] == "weighted_mean":
        weighed = [(part["weight"], value) for part, _, value in counting if value is not None]
        known, every = sum(weight for weight, _ in weighed), share("weight", range(3))
        total = sum(weight * value for weight, value in weighed)
        if [rule[of] for of in ("sum", "weight_known", "weight_counting")] != [
            str(number) for number in (total, known, every)
        ]:
            raise ValueError(f"weighed: {total} over {known} of {every}")
        verdict, value = OPEN, None
        if known and known * 100 >= every * rule["minimum_known_percent"]:
            value = int(rounded(Fraction(total, known), step))
            verdict = REACHED if value >= rule["mastery_milli"] else MISSED
    value = None if verdict == OPEN else value
    return verdict, value, any(one[2] for _, one in judged), any(one[3] for _, one in judged)


def judge(rule, step, wrong, path="rule"):
    """Works a criterion out, and adds what the derivation says of it otherwise to wrong."""
    parts = rule.get("parts", [])
    judged = [(part, judge(part, step, wrong, f"{path}.{at}")) for at, part in enumerate(parts)]
    found = group(rule, judged, step) if "parts" in rule else single(rule)
    name = "not_counting" if found[0] is None else ("missed", "open", "reached")[found[0]]
    if (name, found[1]) != (rule["verdict"], rule.get("value_milli")):
        said = f"{rule['verdict']}, {rule.get('value_milli')}"
        wrong.append(f"{path} is {name}, {found[1]}, not {said}")
    return found


def written(rule):
    """A criterion as it was written, without what was read and what follows."""
    shares = {"points": ("points", "required"), "weighted_mean": ("weight",)}.get(rule["kind"])
    fields = ("kind", "test", "milli", "k", "needed", "mastery_milli", "minimum_known_percent")
    plain = {field: rule[field] for field in fields if field in rule}
    if rule["kind"] == "competency":
        plain["competency"] = rule["competency"]
    if "parts" in rule:
        plain["parts"] = [
            {"part": written(part), **{of: part[of] for of in shares}} if shares else written(part)
            for part in rule["parts"]
        ]
    return plain


def wrong_of_rollup(given):
    """From the rule and what was read of each part. An override is shown as it stands there."""
    wrong = []
    verdict, value, known, provisional = judge(given["rule"], given["round_to_milli"], wrong)
    standings = {MISSED: "below_mastery", REACHED: "at_mastery"}
    open_as = "not_enough_evidence" if known and verdict == OPEN else "not_observed"
    by_rule = {"standing": standings.get(verdict, open_as)}
    by_rule["provisional"] = provisional and verdict in standings
    if value is not None:
        by_rule["value_milli"] = value
    fields = ("competency", "engine", "framework", "round_to_milli")
    rule = {field: given[field] for field in fields}
    right = {
        "rollup_hash": hash_of(dict(rule, criterion=written(given["rule"]))),
        "by_rule": by_rule,
        "held": given["held"] if "override" in given else by_rule,
    }
    yield from wrong
    yield from (f"{of} is {right[of]}, not {given[of]}" for of in right if given[of] != right[of])


def derivations(text):
    """One document, of one derivation or of many, or a document a line."""
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = map(json.loads, text.strip().split(b"\n"))
    for document in documents:
        for row in document.get("results", [document]):
            yield row.get("derivation", row)


def main():
    checked = disagreements = 0
    errors = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
    try:
        for given in derivations(sys.stdin.buffer.read()):
            checked += 1
            try:
                found = list(wrong(given))
            except errors as error:
                found = [f"this is none of engine 1: {error!r}"]
            disagreements += len(found)
            for disagreement in found:
                print(f"derivation {checked}: {disagreement}")
    except errors as error:
        disagreements += 1
        print(f"after derivation {checked}, this is none of engine 1: {error!r}")
    print(f"{checked} checked, {disagreements} disagreements")
    return 1 if disagreements or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
