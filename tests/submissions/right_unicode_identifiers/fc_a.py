import keras

größe = 48 * 48 * 3
anzahl_personen = 8


def baue_schicht(größe_aus):
    return keras.layers.Dense(größe_aus)


def build_model():
    return keras.Sequential([keras.Input((größe,)), baue_schicht(anzahl_personen), keras.layers.Activation("softmax")])


ANSWER = "Besser als Raten, das wären 12,5 %. Für mehr müsste man Schichten hinzufügen – übrigens “schön”."
