from solutions.faces_fc.fc_a import build_model
